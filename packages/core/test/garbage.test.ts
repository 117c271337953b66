import v8 from "node:v8";
import vm from "node:vm";
import test from "ava";
import { startBackend } from "../src/engine/backend/start.ts";
import { createImageStore } from "../src/network/data/create_image_store.ts";
import { averagePool2d } from "../src/network/layers/average_pool2d.ts";
import { conv2d } from "../src/network/layers/conv2d.ts";
import { dense } from "../src/network/layers/dense.ts";
import { dropout } from "../src/network/layers/dropout.ts";
import { flatten } from "../src/network/layers/flatten.ts";
import { maxPool2d } from "../src/network/layers/max_pool2d.ts";
import { relu } from "../src/network/activations/relu.ts";
import { seedCnn } from "../src/model/networks/seed_cnn.ts";
import { Sequential } from "../src/model/sequential.ts";
import { createReplica } from "../src/engine/step/create_replica.ts";
import { mnistImages } from "./mnist_images.ts";

v8.setFlagsFromString("--expose-gc");
const collect: () => void = vm.runInNewContext("gc");

const allLayers = new Sequential({
  inputShape: [28, 28, 1],
  layers: [
    conv2d({ filters: 6, kernelSize: 5, padding: "same", activation: "relu" }),
    maxPool2d(),
    averagePool2d({ poolSize: 3, strides: 2, padding: "same" }),
    conv2d({ filters: 5, kernelSize: 3 }),
    maxPool2d({ poolSize: 3, strides: 1 }),
    relu(),
    dropout({ rate: 0.3 }),
    flatten(),
    dense({ units: 20, activation: "relu" }),
    dense({ units: 10 }),
  ],
});

/** A function that takes training steps with a planned replica of the network. */
async function stepper(model: Sequential): Promise<(steps: number) => void> {
  const store = createImageStore(mnistImages("train", 64), 10);
  const order = Int32Array.from({ length: 64 }, (_, i) => i);
  const replica = await createReplica({ kind: "planned", model: model.toJSON() }, 64);
  const weights = model.getWeights();
  const out = new Float32Array(weights.length + 2);
  const part = { store, order, start: 0, shardSizes: [16, 16, 16, 16], minibatchSize: 64, seed: 1, step: 0 };
  return (steps) => {
    for (let step = 0; step < steps; step++) {
      part.step++;
      replica.load(weights);
      replica.gradient(part, out);
    }
  };
}

for (const [name, model] of Object.entries({ "the seed network": seedCnn(), "every kind of layer": allLayers })) {
  test.serial(`fifty steps of ${name} leave tensors, bytes and the backend's memory as they were`, async (t) => {
    const { tf, memory } = await startBackend();
    const takeSteps = await stepper(model);
    takeSteps(1);
    const { numTensors, numBytes, numDataBuffers } = tf.memory();
    const bytes = memory.buffer.byteLength;
    takeSteps(50);
    t.like(tf.memory(), { numTensors, numBytes, numDataBuffers });
    t.is(memory.buffer.byteLength, bytes);
  });

  test.serial(`a step of ${name} makes less than 4 KB of garbage`, async (t) => {
    const takeSteps = await stepper(model);
    takeSteps(100);
    // Compiling the step's functions makes garbage too, but not in every window.
    const windows = Array.from({ length: 3 }, () => {
      collect();
      const before = process.memoryUsage().heapUsed;
      takeSteps(200);
      return (process.memoryUsage().heapUsed - before) / 200;
    });
    const perStep = Math.min(...windows);
    t.true(perStep < 4096, `${windows.join(", ")} bytes a step`);
  });
}

test.serial("a replica that is disposed of gives its memory back", async (t) => {
  const { memory } = await startBackend();
  const model = seedCnn().toJSON();
  const once = async (): Promise<void> => (await createReplica({ kind: "planned", model }, 256)).dispose();
  await once();
  const bytes = memory.buffer.byteLength;
  for (let i = 0; i < 20; i++) await once();
  t.is(memory.buffer.byteLength, bytes);
});
