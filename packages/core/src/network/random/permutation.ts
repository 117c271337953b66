import { CoreError } from "../../errors.ts";
import { PURPOSE, randomUint32 } from "./random_uint32.ts";

/**
 * The order in which one epoch visits the samples: a permutation of 0 to length - 1, the same in every thread.
 *
 *     for i = length - 1 down to 1: j = floor(u * (i + 1) / 2^32), swap order[i] and order[j]
 *
 * with u = randomUint32(seed, PURPOSE.shuffle, epoch, i).
 *
 * @param seed of the run, 0 to 2^32 - 1
 * @param epoch from 0
 * @param length number of samples, 0 to 2^31 - 1
 * @param out written and returned when given; it needs `length` elements. Default: a new array
 *
 * @throws `PERMUTATION_LENGTH` when `out` has another length
 *
 * Source: Fisher-Yates, Knuth TAOCP 2, algorithm 3.4.2P; bounded draw without division: Lemire, arXiv:1805.10941
 *
 * @example
 * permutation(1, 0, 5) // Int32Array [3, 2, 0, 1, 4]
 */
export function permutation(
  seed: number,
  epoch: number,
  length: number,
  out: Int32Array = new Int32Array(length),
): Int32Array {
  if (out.length !== length) {
    throw new CoreError(
      "PERMUTATION_LENGTH",
      `the array given for a permutation of ${length} samples has ${out.length} elements. Give one of ${length}.`,
    );
  }
  for (let i = 0; i < length; i++) out[i] = i;
  for (let i = length - 1; i > 0; i--) {
    const u = randomUint32(seed, PURPOSE.shuffle, epoch, i);
    // Dividing by a power of two is exact; the product is off by 2^-53 of itself at most, too little to reach i + 1.
    const j = Math.floor((u * (i + 1)) / 2 ** 32);
    const swapped = out[i];
    out[i] = out[j];
    out[j] = swapped;
  }
  return out;
}
