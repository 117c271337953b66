import { shardRuns } from "./shards.ts";
import { additionsBetween, maximalSubtrees, type Addition, type Subtree } from "./subtrees.ts";

/** A step whose parts are dealt out to workers, once for all. */
export interface DealtPlan {
  readonly shards: number;
  /** Workers that have shards. */
  readonly workers: number;
  readonly subtrees: readonly Subtree[];
  /** Positions in `subtrees` of each worker's own ones. */
  readonly owned: readonly (readonly number[])[];
  readonly additions: readonly Addition[];
}

/**
 * @param shards of a minibatch, 1 to 64
 * @param workers asked for, from 1
 */
export function dealStep(shards: number, workers: number): DealtPlan {
  const subtrees: Subtree[] = [];
  const owned = shardRuns(shards, workers).map((run) =>
    maximalSubtrees(run, shards).map((subtree) => {
      subtrees.push(subtree);
      return subtrees.length - 1;
    }),
  );
  return { shards, workers: owned.length, subtrees, owned, additions: additionsBetween(subtrees, shards) };
}
