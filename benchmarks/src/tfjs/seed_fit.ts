import type { Tensor } from "@tensorflow/tfjs-core";
import { layers, type Sequential, sequential } from "@tensorflow/tfjs-layers";
import type { ImageSet } from "@convoy/datasets";
import { tensor, train } from "@tensorflow/tfjs-core";

/** The seed network as a user of tfjs-layers writes it. */
function seedModel(): Sequential {
  const model = sequential({
    layers: [
      layers.conv2d({ inputShape: [28, 28, 1], filters: 16, kernelSize: 3, activation: "relu" }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ filters: 32, kernelSize: 3, activation: "relu" }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dense({ units: 120, activation: "relu" }),
      layers.dense({ units: 10, activation: "softmax" }),
    ],
  });
  model.compile({ optimizer: train.momentum(0.01, 0.9), loss: "categoricalCrossentropy" });
  return model;
}

const batchSize = 64;

/** Trains it by `model.fit` on the first images, once or more: images/s of each time, and the last loss. */
export async function fitSeed(
  { images, labels }: ImageSet,
  count: number,
  times: number,
): Promise<{ readonly rates: number[]; readonly loss: number }> {
  const model = seedModel();
  const pixels = Float32Array.from({ length: count * 784 }, (_, i) => images[i] / 127.5 - 1);
  const oneHot = Float32Array.from({ length: count * 10 }, (_, i) => Number(labels[Math.floor(i / 10)] === i % 10));
  const x: Tensor = tensor(pixels, [count, 28, 28, 1]);
  const y: Tensor = tensor(oneHot, [count, 10]);
  const rates: number[] = [];
  let loss = Number.NaN;
  for (let i = 0; i < times; i++) {
    const began = performance.now();
    const { history } = await model.fit(x, y, { batchSize, epochs: 1, yieldEvery: "never", shuffle: false });
    rates.push((count * 1000) / (performance.now() - began));
    loss = Number(history["loss"][0]);
  }
  model.dispose();
  x.dispose();
  y.dispose();
  return { rates, loss };
}
