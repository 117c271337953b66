import { mix } from "./mix.ts";

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
