import { median } from "../statistics.ts";

/** One turn: Convoy, and the peer that ran right after it. */
export interface Pair {
  readonly convoy: readonly number[];
  readonly peer: readonly number[];
}

/**
 * How many times the peer's speed Convoy has: the median of the turns' ratios. A slow minute of the machine meets both
 * sides of a turn.
 *
 * @example
 * ratioOf([{ convoy: [40, 42, 41], peer: [10] }, { convoy: [20], peer: [4] }, { convoy: [44], peer: [11] }]) // 4.1
 */
export function ratioOf(pairs: readonly Pair[]): number {
  return median(pairs.map(({ convoy, peer }) => median(convoy) / median(peer)));
}

/** Whether a peer that starts from the same weights and sees the same minibatches got where Convoy got. */
export function learnsAsConvoy(loss: number, convoyLoss: number): boolean {
  return Math.abs(loss - convoyLoss) < 0.02 * convoyLoss;
}
