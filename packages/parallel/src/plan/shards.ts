import { split } from "./split.ts";

/** Small enough that eight workers find work in a batch of 128, large enough that kernels run full tiles. */
const imagesPerShard = 16;

export const maximumShards = 64;

/**
 * How many shards a minibatch is cut into when the caller does not say. It depends on the batch size alone, never on
 * workers or machine, because the order in which shards are added decides the last bits of the weights.
 *
 *     clamp(ceil(batchSize / 16), 1, 64)
 *
 * @example
 * defaultShards(64) // 4
 */
export function defaultShards(batchSize: number): number {
  return Math.min(Math.max(Math.ceil(batchSize / imagesPerShard), 1), maximumShards);
}

/** So many images leave what a step touches near the core; with 256, each of them takes 8 % longer. */
const imagesAtOnce = 64;

/** Of a longer vector, a sum more for every 64 images would cost what they gain. */
const mostFloats = 2 ** 20;

/**
 * The most shards that a worker computes at once. Measured: docs/decisions/0008-images-at-once.md
 *
 * @param floats of the vector that each worker sums
 */
export function shardsAtOnce(batchSize: number, shards: number, floats: number): number {
  if (floats > mostFloats) return shards;
  return Math.max(Math.floor(imagesAtOnce / Math.ceil(batchSize / shards)), 1);
}

/** So many small parts has a minibatch that is large enough: two workers then wait for each other an eighth of a step at most. */
const fineParts = 8;

/**
 * The most shards in a part of a step on a machine that others use as well. Of long vectors, more sums would cost more than
 * they gain.
 *
 * @param floats of the vector that each part sums
 */
export function shardsInFinePart(shards: number, floats: number): number {
  return floats > mostFloats ? shards : Math.max(Math.floor(shards / fineParts), 1);
}

/** Consecutive shards of one worker. */
export interface ShardRun {
  readonly first: number;
  /** One past the last. */
  readonly end: number;
}

/**
 * The run of shards of each worker, balanced. Workers beyond the shards get none and are not in the list.
 *
 * @example
 * shardRuns(4, 3) // [{ first: 0, end: 2 }, { first: 2, end: 3 }, { first: 3, end: 4 }]
 */
export function shardRuns(shards: number, workers: number): ShardRun[] {
  let end = 0;
  return split(shards, Math.min(workers, shards)).map((count) => {
    const first = end;
    end += count;
    return { first, end };
  });
}
