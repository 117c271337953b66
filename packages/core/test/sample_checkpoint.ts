import type { Checkpoint } from "../src/formats/checkpoint/checkpoint.ts";
import { Sequential } from "../src/model/sequential.ts";
import { conv2d } from "../src/network/layers/conv2d.ts";
import { dense } from "../src/network/layers/dense.ts";
import { flatten } from "../src/network/layers/flatten.ts";
import { adam } from "../src/network/optimizers/adam.ts";

/** A small network in the middle of its third epoch, with numbers that no rounding would survive. */
export function sampleCheckpoint(changes: Partial<Checkpoint> = {}): Checkpoint {
  const layers = [conv2d({ filters: 2, kernelSize: 2 }), flatten(), dense({ units: 3 })];
  const model = new Sequential({ inputShape: [3, 3, 1], layers, seed: 5 });
  const state = (scale: number): Float32Array =>
    Float32Array.from({ length: model.parameterCount }, (_, i) => Math.sin(i + 1) * scale);
  return {
    parameters: model.parameters.map(({ name, shape }) => ({ name, shape })),
    weights: model.getWeights(),
    model: model.toJSON(),
    optimizer: adam({ learningRate: 0.1 + 0.2, weightDecay: 1e-7 }),
    optimizerState: [state(1e-3), state(1e-40)],
    step: 27,
    epoch: 2,
    samplerPosition: 448,
    seed: 2 ** 32 - 1,
    metrics: { loss: 1012.3000000000001, correct: 101, recentLoss: 1 / 3 },
    settings: { batchSize: 64, dataset: "größer", nesterov: false, deviation: 0.3081 },
    metadata: { classNames: '["cat","dog"]' },
    ...changes,
  };
}
