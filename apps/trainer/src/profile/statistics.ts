/**
 * Which steps are typical: the middle half of them by what they took as a whole. The means of their parts add up to the mean
 * of the whole, as medians of the parts do not.
 */
export function middleHalf(wholes: ArrayLike<number>): number[] {
  const order = Array.from(wholes, (_, step) => step).toSorted((a, b) => wholes[a] - wholes[b]);
  const quarter = Math.floor(order.length / 4);
  return order.slice(quarter, order.length - quarter);
}

/** Of the values at these places, at least one. */
export function meanAt(values: ArrayLike<number>, places: readonly number[]): number {
  return places.reduce((sum, place) => sum + values[place], 0) / places.length;
}
