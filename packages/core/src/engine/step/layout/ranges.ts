/** Some floats of a flat vector, side by side. */
export interface Range {
  readonly offset: number;
  readonly count: number;
}

/** What the ranges leave of a vector of `length` floats; they are in any order and do not overlap. */
export function gaps(ranges: readonly Range[], length: number): Range[] {
  const left: Range[] = [];
  let from = 0;
  const take = (to: number): void => {
    if (to > from) left.push({ offset: from, count: to - from });
  };
  for (const { offset, count } of ranges.toSorted((a, b) => a.offset - b.offset)) {
    take(offset);
    from = offset + count;
  }
  take(length);
  return left;
}
