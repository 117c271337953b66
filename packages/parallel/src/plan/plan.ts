import { shardRuns } from "./shards.ts";
import { slices, type Slice } from "./slices.ts";
import { split } from "./split.ts";
import { additionsBetween, maximalSubtrees, type Addition, type Subtree } from "./subtrees.ts";

/** Who computes what in a step, and in which order it is added. Plain data, the same in every thread. */
export interface StepPlan {
  readonly shards: number;
  /** Workers that have shards. */
  readonly workers: number;
  readonly subtrees: readonly Subtree[];
  /** Positions in `subtrees` of each worker's own ones. */
  readonly owned: readonly (readonly number[])[];
  readonly additions: readonly Addition[];
  readonly slices: readonly Slice[];
}

/**
 * @param shards of a minibatch, 1 to 64
 * @param workers asked for, from 1
 * @param floats of the vector that is summed: gradient, loss and right answers
 * @param most shards that are computed at once; see `shardsAtOnce`
 */
export function planStep(shards: number, workers: number, floats: number, most: number = Infinity): StepPlan {
  const runs = shardRuns(shards, workers);
  const subtrees: Subtree[] = [];
  const owned = runs.map((run) =>
    maximalSubtrees(run, shards, most).map((subtree) => {
      subtrees.push(subtree);
      return subtrees.length - 1;
    }),
  );
  return {
    shards,
    workers: runs.length,
    subtrees,
    owned,
    additions: additionsBetween(subtrees, shards),
    slices: slices(floats, runs.length),
  };
}

/** The most images that one subtree ever holds. */
export function largestSubtree({ subtrees, shards }: StepPlan, batchSize: number): number {
  const sizes = split(batchSize, shards);
  return Math.max(...subtrees.map(({ first, end }) => sizes.slice(first, end).reduce((a, b) => a + b, 0)));
}
