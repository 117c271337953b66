import type { AnyLayer } from "../layers_in_fields.ts";

/** Mean and variance that one call of a batch normalization found in its shard. */
export interface BatchStatistics {
  readonly layer: AnyLayer;
  readonly mean: Float32Array;
  readonly variance: Float32Array;
}

/** One pass of one shard through the model in training: what its layers need to know, and what they leave behind. */
export class ShardPass {
  readonly samples: readonly number[];
  readonly seed: number;
  /** Optimizer steps before this one. */
  readonly step: number;
  readonly statistics: BatchStatistics[] = [];
  readonly #calls = new Map<AnyLayer, number>();

  constructor(samples: readonly number[], seed: number, step: number) {
    this.samples = samples;
    this.seed = seed;
    this.step = step;
  }

  /** How often this layer has asked before in this pass: a wrapper calls the layer that it wraps once a time step. */
  callsOf(layer: AnyLayer): number {
    const calls = this.#calls.get(layer) ?? 0;
    this.#calls.set(layer, calls + 1);
    return calls;
  }
}

/** Where layers find the pass that runs; undefined in prediction. */
export interface PassHolder {
  pass: ShardPass | undefined;
}

export type Keywords = Readonly<Record<string, unknown>> | undefined;
