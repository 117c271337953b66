/** Tiles of one size, side by side. */
export interface Tiles {
  readonly size: number;
  readonly count: number;
}

/** Cuts `length` into as few tiles of at most `most` as there can be, their sizes differing by one at most. */
export function balanced(length: number, most: number): Tiles[] {
  const count = Math.ceil(length / most);
  const size = Math.floor(length / count);
  const larger = length - size * count;
  return [
    { size: size + 1, count: larger },
    { size, count: count - larger },
  ].filter((tiles) => tiles.count > 0);
}
