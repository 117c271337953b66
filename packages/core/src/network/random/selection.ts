import { PURPOSE, randomUint32 } from "./random_uint32.ts";

/** All samples, in two parts; each in rising order. */
export interface Selection {
  readonly chosen: Int32Array;
  readonly others: Int32Array;
}

/**
 * Chooses samples that are kept away from training: each set of so many is equally likely, and the same in every thread.
 *
 *     for i = 0 to length - 1: i is chosen if floor(u * (length - i) / 2^32) < count - (chosen so far)
 *
 * with u = randomUint32(seed, PURPOSE.validationSplit, 0, i).
 *
 * @param seed of the run, 0 to 2^32 - 1
 * @param length number of samples, 0 to 2^31 - 1
 * @param count how many to choose, 0 to length
 *
 * Source: selection sampling, Knuth TAOCP 2, algorithm 3.4.2S
 *
 * @example
 * selection(1, 5, 2).chosen // Int32Array [3, 4]
 */
export function selection(seed: number, length: number, count: number): Selection {
  const chosen = new Int32Array(count);
  const others = new Int32Array(length - count);
  let taken = 0;
  for (let i = 0; i < length; i++) {
    const u = randomUint32(seed, PURPOSE.validationSplit, 0, i);
    // Exact enough: see `permutation`. So the last ones are taken for certain when all of them are needed.
    const isChosen = Math.floor((u * (length - i)) / 2 ** 32) < count - taken;
    if (isChosen) chosen[taken++] = i;
    else others[i - taken] = i;
  }
  return { chosen, others };
}
