import type { OptimizerSpec } from "./optimizer_spec.ts";
import type { SlotShape } from "./optimizer_slots.ts";
import type { SampleArray } from "./sample_array.ts";

/** Data of a run: one array for each input, and one for each output. */
export interface SampleSet {
  readonly x: readonly SampleArray[];
  readonly y: readonly SampleArray[];
  /** For each output, a number that the loss of each sample is multiplied by in training; undefined: 1. */
  readonly weights?: readonly (SampleArray | undefined)[] | undefined;
}

/** One shard of a minibatch. */
export interface Shard {
  /** Which samples of the set; at least one. */
  readonly samples: readonly number[];
  /** Samples in the whole minibatch. */
  readonly minibatchSize: number;
  /** Exactly one shard of a minibatch is the first: it bears the regularization. */
  readonly first: boolean;
  readonly seed: number;
  /** Optimizer steps before this one. */
  readonly step: number;
}

/** What a thread tells of the model that it built. */
export interface ReplicaDescription {
  /** Names of loss and metrics, as tfjs gives them in its history. */
  readonly values: readonly string[];
  /** Places, among all weights, of those that a step changes: first the trained ones. */
  readonly changing: readonly number[];
  /** Floats of a shard's vector: gradients, then statistics of batch normalization, then loss and metrics. */
  readonly gradients: number;
  readonly statistics: number;
  /** What the optimizer remembers after a step; nothing for one that does not tell, or cannot be told. */
  readonly slots: readonly SlotShape[] | undefined;
}

/**
 * A copy of a compiled tfjs-layers model that computes shards, and takes the optimizer's step when they are added.
 *
 *     vector of a shard = its share of (gradients, statistics, loss and metrics); the sum over the shards is the minibatch's
 */
export interface CompiledReplica extends ReplicaDescription {
  /**
   * Goes on with other settings of the optimizer, and what it remembers.
   *
   * @throws `TAPE_OPTIMIZER` for one that does not tell what it remembers
   */
  configure(optimizer: OptimizerSpec): Promise<void>;
  /** Writes the shard's vector. */
  shard(data: SampleSet, shard: Shard, out: Float32Array): void;
  /** Takes the optimizer's step, applies constraints, and updates moving statistics. */
  update(total: Float32Array): void;
  /** Copies the stretch of the changing weights, one after the other, that begins at `start`. */
  readWeights(start: number, out: Float32Array): void;
  /** Loss and metrics of these samples, as `model.evaluate` would give them for one batch. */
  evaluate(data: SampleSet, samples: readonly number[]): Float32Array;
  /**
   * Copies the stretch of what the optimizer remembers, slot after slot, that begins at `start`. To be called after a step.
   *
   * @returns how many steps the optimizer has counted, here and before
   */
  readState(start: number, out: Float32Array): Promise<number>;
  /** Goes on from all changing weights, and from an optimizer's steps and slots, as the two above gave them. */
  restore(weights: Float32Array, steps: number, state: Float32Array): Promise<void>;
  dispose(): void;
}
