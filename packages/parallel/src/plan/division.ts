import { shardRuns } from "./shards.ts";
import { additionsBetween, maximalSubtrees, type Addition, type Subtree } from "./subtrees.ts";

/** A minibatch cut into parts, each an aligned subtree of the tree of sums that one worker computes at a time. */
export interface Division {
  readonly parts: readonly Subtree[];
  /** For each worker all parts in the order in which it looks for one to take: first its own, then those of others. */
  readonly orders: readonly (readonly number[])[];
  /** What is left to add once all parts have their sums. */
  readonly additions: readonly Addition[];
}

/**
 * @param shards of a minibatch
 * @param workers that the parts are dealt out to, at first; `others` find something only where these have not come to theirs
 * @param most shards in a part
 *
 * @example
 * divide(4, 2, 0, 2).orders // [[0, 1], [1, 0]]: a part of two shards for each
 */
export function divide(shards: number, workers: number, others: number, most: number): Division {
  const parts: Subtree[] = [];
  const own = shardRuns(shards, workers).map((run) => {
    const subtrees = maximalSubtrees(run, shards, most);
    parts.push(...subtrees);
    return subtrees.map((_, i) => parts.length - subtrees.length + i);
  });
  const orders = Array.from({ length: workers + others }, (_, worker) => {
    const first = own[worker] ?? [];
    // The others' last ones come first: that is where their owners come to last.
    const rest = parts.map((__, at) => at).filter((at) => !first.includes(at));
    return [...first, ...rest.toReversed()];
  });
  return { parts, orders, additions: additionsBetween(parts, shards) };
}
