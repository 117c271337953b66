import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Layer } from "@convoy/core";
import { isActivation } from "@convoy/core/engine";
import type * as Tfjs from "@tensorflow/tfjs-core";
import type { Job } from "./job.ts";
import { serve } from "./serve.ts";

/** What is used of tfjs-layers. */
interface LayersModel {
  add(layer: unknown): void;
  setWeights(weights: Tfjs.Tensor[]): void;
  apply(x: Tfjs.Tensor, options: { training: boolean }): Tfjs.Tensor2D;
  readonly trainableWeights: readonly { read(): Tfjs.Variable }[];
}
interface Layers {
  sequential(): LayersModel;
  readonly layers: Readonly<Record<string, (options: object) => unknown>>;
}

const names = {
  conv2d: "conv2d",
  dense: "dense",
  maxPool2d: "maxPooling2d",
  averagePool2d: "averagePooling2d",
  dropout: "dropout",
  flatten: "flatten",
} as const;

// The library's tape and its wasm backend bring these two along: they are there wherever those are.
const ofCore = createRequire(import.meta.resolve("@convoy/core"));
const ofWasm = createRequire(import.meta.resolve("@tensorflow/tfjs-backend-wasm"));
const tf: typeof Tfjs = ofCore("@tensorflow/tfjs-core");
const tfLayers: Layers = ofCore("@tensorflow/tfjs-layers");
ofWasm("@tensorflow/tfjs-backend-cpu");
await tf.setBackend("cpu");

/** So slow that the steps of the check are the measurement too, but for the first. */
await serve("tfjs cpu", tf.version_core, async ({ batchSize, files, ...job }) => {
  const model = modelOf(job);
  model.setWeights(weightsOf(job.parameters, new Uint8Array(await readFile(files.weights)).buffer));
  const optimizer = tf.train.momentum(job.learningRate, job.momentum);
  const pixels = await readFile(files.images);
  const labels = await readFile(files.labels);
  const order = new Int32Array(new Uint8Array(await readFile(files.order)).buffer);
  const size = job.inputShape[0] * job.inputShape[1] * job.inputShape[2];
  const { mean, deviation } = job.normalization;
  const losses: number[] = [];
  const imagesPerSecond: number[] = [];
  for (let start = 0; start < order.length; start += batchSize) {
    const indices = order.subarray(start, start + batchSize);
    const images = Float32Array.from(
      { length: indices.length * size },
      (_, i) => (pixels[indices[Math.floor(i / size)] * size + (i % size)] / 255 - mean) / deviation,
    );
    const began = performance.now();
    const loss = tf.tidy(() => {
      const x = tf.tensor4d(images, [indices.length, ...job.inputShape]);
      const y = tf.oneHot(tf.tensor1d(Int32Array.from(indices, (i) => labels[i])), 10);
      const lossOf = (): Tfjs.Scalar => tf.losses.softmaxCrossEntropy(y, model.apply(x, { training: true }));
      const variables = model.trainableWeights.map((weight) => weight.read());
      return optimizer.minimize(lossOf, true, variables)!.dataSync()[0];
    });
    losses.push(loss);
    if (start > 0) imagesPerSecond.push((indices.length * 1000) / (performance.now() - began));
  }
  return { imagesPerSecond, loss: losses.reduce((sum, value) => sum + value, 0) / losses.length };
});

function modelOf({ inputShape, layers }: Pick<Job, "inputShape" | "layers">): LayersModel {
  const model = tfLayers.sequential();
  for (const [i, layer] of layers.entries()) {
    const [name, options] = isActivation(layer) ? ["activation", { activation: layer.kind }] : ofTfjs(layer);
    model.add(tfLayers.layers[name](i === 0 ? { ...options, inputShape } : options));
  }
  return model;
}

function ofTfjs({ kind, ...settings }: Extract<Layer, { kind: keyof typeof names }>): [name: string, options: object] {
  // The initializers are ours, and the weights come from the file.
  const { kernelInitializer: _, biasInitializer: __, ...options } = settings as Record<string, unknown>;
  return [names[kind], options];
}

function weightsOf(shapes: Job["parameters"], buffer: ArrayBuffer): Tfjs.Tensor[] {
  let offset = 0;
  return shapes.map((shape) => {
    const size = shape.reduce((product, length) => product * length, 1);
    const values = new Float32Array(buffer, offset * 4, size);
    offset += size;
    return tf.tensor(values, [...shape]);
  });
}
