import { createImageStore } from "../src/network/data/create_image_store.ts";
import type { ImageData } from "../src/network/data/image_store.ts";
import type { Sequential } from "../src/model/sequential.ts";
import { createReplica } from "../src/engine/step/create_replica.ts";
import type { KernelVariant } from "../src/engine/emit/module/linker.ts";

export interface TrainingSettings {
  readonly steps: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly momentum: number;
  readonly kernels?: KernelVariant;
}

const f = Math.fround;

/**
 * Trains with SGD in float32, minibatch after minibatch in the order of the images, from the first again after the last.
 *
 *     v ← momentum · v + g,   w ← w - learningRate · v
 *
 * @returns the loss of each step; the model has the new weights
 */
export async function train(model: Sequential, data: ImageData, settings: TrainingSettings): Promise<number[]> {
  const { steps, batchSize, kernels = "narrow" } = settings;
  const learningRate = f(settings.learningRate);
  const momentum = f(settings.momentum);
  const store = createImageStore(data, model.classes);
  const order = Int32Array.from({ length: store.count }, (_, i) => i);
  const weights = model.getWeights();
  const velocity = new Float32Array(weights.length);
  const out = new Float32Array(weights.length + 2);
  const shardSizes = Array.from({ length: 4 }, () => batchSize / 4);
  const replica = await createReplica({ kind: "planned", model: model.toJSON(), kernels }, batchSize);
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    const start = (step * batchSize) % store.count;
    replica.load(weights);
    replica.gradient({ store, order, start, shardSizes, minibatchSize: batchSize, seed: 1, step }, out);
    losses.push(out[weights.length]);
    for (let i = 0; i < weights.length; i++) {
      velocity[i] = f(momentum * velocity[i]) + out[i];
      weights[i] -= f(learningRate * velocity[i]);
    }
  }
  replica.dispose();
  model.setWeights(weights);
  return losses;
}
