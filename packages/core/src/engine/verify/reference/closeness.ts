/** ‖a - b‖ / ‖b‖, or ‖a‖ where b is zero. */
export function relativeDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`${a.length} values cannot be compared with ${b.length}`);
  let difference = 0;
  let size = 0;
  for (let i = 0; i < a.length; i++) {
    difference += (a[i] - b[i]) ** 2;
    size += b[i] ** 2;
  }
  return Math.sqrt(size === 0 ? difference : difference / size);
}
