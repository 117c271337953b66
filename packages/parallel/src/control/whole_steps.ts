import { words } from "./words.ts";

/**
 * How many optimizer steps are whole. The word holds the last 32 bits of their number, which a small network exceeds within
 * days.
 *
 * @param before an earlier number, for example that at the start of the epoch: within 2^32 steps of this one
 * @param word another word that holds such a number
 */
export function wholeSteps(control: Int32Array, before: number, word: number = words.committed): number {
  return before + ((Atomics.load(control, word) - before) >>> 0);
}

/** Which of two of a kind counts after these steps: what lies twice in memory is written in turns. */
export function sideAfter(control: Int32Array): 0 | 1 {
  return (Atomics.load(control, words.committed) & 1) === 0 ? 0 : 1;
}
