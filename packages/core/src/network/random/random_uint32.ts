/** What a random number is for: two purposes never share their numbers, whatever seed and counters they use. */
export const PURPOSE = {
  /** Counters: parameter index, element index. */
  initialize: 1,
  /** Counters: epoch, position. */
  shuffle: 2,
  /** Counters: 0, index of the sample. */
  validationSplit: 3,
} as const;

/**
 * A random 32-bit integer that depends on its four keys alone: no state, so any thread can draw any number.
 *
 *     mix(mix(mix(mix(seed) + purpose) + a) + b)        (modulo 2^32)
 *
 * @param seed of the run, 0 to 2^32 - 1
 * @param purpose one of `PURPOSE`
 * @param a first counter, for example the epoch
 * @param b second counter, for example the position
 *
 * @example
 * randomUint32(1, PURPOSE.shuffle, 0, 0) === randomUint32(1, PURPOSE.shuffle, 0, 0) // true
 */
export function randomUint32(seed: number, purpose: number, a: number, b: number): number {
  return mix(mix(mix(mix(seed) + purpose) + a) + b);
}

/**
 * Scrambles a 32-bit integer: a bijection whose output bits each depend on every input bit.
 *
 *     x ^= x >>> 16; x *= 0x21f0aaad; x ^= x >>> 15; x *= 0x735a2d97; x ^= x >>> 15        (modulo 2^32)
 *
 * Integers only, so that every machine draws the same bits.
 *
 * @param value any integer; taken modulo 2^32
 *
 * Source: "lowbias32", hash prospector, https://github.com/skeeto/hash-prospector (bias 0.1073)
 *
 * @example
 * mix(1) // 2261973619
 */
export function mix(value: number): number {
  let x = value | 0;
  x ^= x >>> 16;
  x = Math.imul(x, 0x21f0aaad);
  x ^= x >>> 15;
  x = Math.imul(x, 0x735a2d97);
  x ^= x >>> 15;
  return x >>> 0;
}
