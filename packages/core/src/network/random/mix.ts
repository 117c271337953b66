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
