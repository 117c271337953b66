/** How one class fared. */
export interface ClassScore {
  readonly name: string;
  readonly correct: number;
  readonly total: number;
  /** Nothing when there is no image of this class. */
  readonly accuracy: number | undefined;
  /** The wrong class that its images were most often given. */
  readonly mistakenFor: { readonly name: string; readonly count: number } | undefined;
}

/** @param probabilities [images, classes], row by row */
export function scoreClasses(
  probabilities: Float32Array,
  labels: ArrayLike<number>,
  names: readonly string[],
): ClassScore[] {
  const classes = names.length;
  // Rows are true classes, columns what the network said.
  const confusion = new Uint32Array(classes * classes);
  for (let i = 0; i < labels.length; i++) {
    confusion[labels[i] * classes + mostLikely(probabilities.subarray(i * classes, (i + 1) * classes))]++;
  }
  return names.map((name, own) => {
    const row = confusion.subarray(own * classes, (own + 1) * classes);
    const correct = row[own];
    const total = row.reduce((sum, count) => sum + count, 0);
    const mistakes = row.with(own, 0);
    const worst = mostLikely(mistakes);
    return {
      name,
      correct,
      total,
      accuracy: total === 0 ? undefined : correct / total,
      mistakenFor: mistakes[worst] === 0 ? undefined : { name: names[worst], count: mistakes[worst] },
    };
  });
}

/** Position of the largest value, the first of equals. */
export function mostLikely(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}
