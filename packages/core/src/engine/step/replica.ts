import type { ImageStore } from "../../network/data/image_store.ts";

/**
 * A run of consecutive shards of one minibatch: one aligned subtree of the gradient's summation tree.
 * Image i of the run is sample `order[start + i]` of the store.
 */
export interface MinibatchPart {
  store: ImageStore;
  order: Int32Array;
  start: number;
  /** Images in each shard of the run; a shard may be empty. */
  shardSizes: readonly number[];
  /** Images in the whole minibatch: losses and gradients carry 1 / minibatchSize, so shards are summed. */
  minibatchSize: number;
  /** Key of dropout's random numbers, with the sample index. */
  seed: number;
  /** Optimizer steps since the start of the run, from 0. */
  step: number;
}

/**
 * One copy of a network in one thread. `parallel` trains any of them: the planned step and the tape.
 *
 * Shape: `gradient` writes parameterCount + 2 floats: the gradient in the order of the parameters, the loss, and the
 * number of images classified right. Each is the sum over the shards in the tree's order: level k adds shard i + 2^k
 * to shard i for i a multiple of 2^(k+1); a missing partner passes through. `out` is written, not added to.
 */
export interface Replica {
  readonly parameterCount: number;
  readonly classes: number;
  /** The most images that one call can take. */
  readonly capacity: number;
  /** Copies the flat parameter vector in; it may lie in shared memory. */
  load(parameters: Float32Array): void;
  gradient(part: MinibatchPart, out: Float32Array): void;
  /** Writes the logits of images start to start + count - 1 of the store, [count, classes]. Dropout is off. */
  predict(store: ImageStore, start: number, count: number, out: Float32Array): void;
  dispose(): void;
}
