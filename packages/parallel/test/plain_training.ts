import { createImageStore, createReplica, permutation, type ImageData, type Sequential } from "@convoy/core/training";
import { split } from "../src/plan/split.ts";

export interface PlainOptions {
  readonly batchSize: number;
  readonly shards: number;
  readonly seed: number;
  readonly learningRate: number;
  readonly momentum: number;
  /** Optimizer steps, over as many epochs as that takes. */
  readonly steps: number;
}

/** The defaults of `fit`. */
export const seedProgram = { batchSize: 64, shards: 4, seed: 1, learningRate: 0.001, momentum: 0.9 } as const;

const f = Math.fround;

/** What `fit` promises, as a loop in one thread: no shared memory, no barrier, the optimizer in JavaScript. */
export async function plainTraining(
  model: Sequential,
  data: ImageData,
  options: PlainOptions,
): Promise<{ weights: Float32Array; losses: number[] }> {
  const { batchSize, shards, seed, steps } = options;
  const rate = f(options.learningRate);
  const keep = f(options.momentum);
  const weights = model.getWeights();
  const velocity = new Float32Array(weights.length);
  const store = createImageStore(data, model.classes);
  const replica = await createReplica({ kind: "planned", model: model.toJSON() }, batchSize);
  const out = new Float32Array(weights.length + 2);
  const losses: number[] = [];
  const stepsPerEpoch = Math.ceil(store.count / batchSize);
  for (let step = 0; step < steps; step++) {
    const order = permutation(seed, Math.floor(step / stepsPerEpoch), store.count);
    const start = (step % stepsPerEpoch) * batchSize;
    const minibatchSize = Math.min(batchSize, store.count - start);
    const shardSizes = split(minibatchSize, shards);
    replica.load(weights);
    replica.gradient({ store, order, start, shardSizes, minibatchSize, seed, step }, out);
    losses.push(out[weights.length]);
    for (let i = 0; i < weights.length; i++) {
      velocity[i] = f(f(keep * velocity[i]) + out[i]);
      weights[i] = f(weights[i] - f(rate * velocity[i]));
    }
  }
  replica.dispose();
  return { weights, losses };
}
