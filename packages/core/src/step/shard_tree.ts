import type { StepKernels } from "./step_kernels.ts";

/**
 * Sums vectors of shards in the tree's order: level k adds shard i + 2^k to shard i, for i a multiple of 2^(k+1); a
 * missing partner passes through. Like a binary counter, it holds at most one sum a level.
 */
export class ShardTree {
  /** Vectors that a run of so many shards needs at the same time. */
  static depth(shards: number): number {
    return Math.floor(Math.log2(Math.max(1, shards))) + 1;
  }

  readonly #kernels: StepKernels;
  /** Address of the first vector; the sum ends up here. */
  readonly #base: number;
  /** Bytes from one vector to the next. */
  readonly #stride: number;

  constructor(kernels: StepKernels, base: number, stride: number) {
    this.#kernels = kernels;
    this.#base = base;
    this.#stride = stride;
  }

  /**
   * Calls `write(first image, images, address of a vector)` for each shard and adds up the floats offset to
   * offset + count - 1 of the vectors.
   */
  sum(
    shardSizes: readonly number[],
    offset: number,
    count: number,
    write: (first: number, images: number, vector: number) => void,
  ): void {
    let depth = 0;
    let first = 0;
    for (let shard = 0; shard < shardSizes.length; shard++) {
      write(first, shardSizes[shard], this.#base + depth * this.#stride);
      first += shardSizes[shard];
      depth++;
      for (let i = shard + 1; i % 2 === 0; i /= 2) this.#merge(--depth, offset, count);
    }
    while (depth > 1) this.#merge(--depth, offset, count);
  }

  #merge(top: number, offset: number, count: number): void {
    const target = this.#base + (top - 1) * this.#stride + offset * 4;
    this.#kernels.addVectors(target, target + this.#stride, count);
  }
}
