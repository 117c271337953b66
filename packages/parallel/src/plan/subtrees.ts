import type { ShardRun } from "./shards.ts";

/**
 * One aligned subtree of the summation tree: node (level, index) covers the shards from index · 2^level up to, not
 * including, min((index + 1) · 2^level, shards). Its sum is published as one vector.
 */
export interface Subtree extends ShardRun {
  readonly level: number;
}

/** target += source, both being positions in the list of subtrees. */
export interface Addition {
  readonly target: number;
  readonly source: number;
}

/**
 * The fewest aligned subtrees that cover a run of shards, from left to right.
 *
 * @param most shards in one of them
 *
 * @example
 * maximalSubtrees({ first: 1, end: 4 }, 4) // shard 1 alone, then shards 2 and 3
 */
export function maximalSubtrees(run: ShardRun, shards: number, most: number = Infinity): Subtree[] {
  const subtrees: Subtree[] = [];
  let first = run.first;
  while (first < run.end) {
    let level = 0;
    let end = first + 1;
    // A wider node that covers no further shard has the same sum: its missing partner passes through.
    while (end < shards && first % 2 ** (level + 1) === 0) {
      const wider = Math.min(first + 2 ** (level + 1), shards);
      if (wider > run.end || wider - first > most) break;
      level++;
      end = wider;
    }
    subtrees.push({ first, end, level });
    first = end;
  }
  return subtrees;
}

/**
 * What is left to add once every subtree holds its sum, in order; the total ends in the first subtree.
 *
 *     level k adds shard i + 2^k to shard i, for i a multiple of 2^(k+1); a missing partner passes through
 *
 * The additions inside a subtree are done already; those between subtrees join two that begin exactly at i and at
 * i + 2^k. So any partition of the shards into aligned subtrees gives the bits of the whole tree.
 *
 * @param subtrees all of them, from left to right
 */
export function additionsBetween(subtrees: readonly Subtree[], shards: number): Addition[] {
  const holder = subtrees.flatMap(({ first, end }, at) => Array.from({ length: end - first }, () => at));
  const additions: Addition[] = [];
  for (let distance = 1; distance < shards; distance *= 2) {
    for (let i = 0; i + distance < shards; i += 2 * distance) {
      const target = holder[i];
      const source = holder[i + distance];
      if (target !== source) additions.push({ target, source });
    }
  }
  return additions;
}
