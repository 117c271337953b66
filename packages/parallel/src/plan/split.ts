/**
 * Cuts a whole into parts of nearly equal size; the first ones are one larger.
 *
 * @param total what is cut, from 0
 * @param parts how many, from 1; some are empty when there are more parts than `total`
 *
 * @example
 * split(10, 4) // [3, 3, 2, 2]
 */
export function split(total: number, parts: number): number[] {
  const size = Math.floor(total / parts);
  const larger = total % parts;
  return Array.from({ length: parts }, (_, part) => (part < larger ? size + 1 : size));
}
