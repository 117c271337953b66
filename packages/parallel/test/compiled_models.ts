import { mix } from "@convoy/core/training";
import type { LayersData, SampleValues } from "../src/compiled/samples.ts";
import * as tfl from "@tensorflow/tfjs-layers";

const { layers } = tfl;

/** Weights that are the same in every process. */
function seeded(seed: number): { readonly kernelInitializer: ReturnType<typeof tfl.initializers.glorotUniform> } {
  return { kernelInitializer: tfl.initializers.glorotUniform({ seed }) };
}

/** All weights, moving statistics too. */
export function weightsOf(model: tfl.LayersModel): number[] {
  return model.getWeights().flatMap((weight) => Array.from(weight.dataSync()));
}

/** Numbers between -1 and 1 that look random. */
export function noise(count: number, from = 0): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => mix(i + from) / 2 ** 31 - 1);
}

/** Rows of noise; the target says, one-hot, in which third of a row the largest number is. */
export function rows(count: number): LayersData & { readonly x: SampleValues; readonly y: SampleValues } {
  const values = noise(count * 6, 1);
  const targets = new Float32Array(count * 3);
  for (let i = 0; i < count; i++) {
    const row = [...values.subarray(i * 6, i * 6 + 6)];
    targets[i * 3 + Math.floor(row.indexOf(Math.max(...row)) / 2)] = 1;
  }
  return { x: { values, shape: [count, 6] }, y: { values: targets, shape: [count, 3] } };
}

export function perceptron(): tfl.Sequential {
  return tfl.sequential({
    layers: [
      layers.dense({ inputShape: [6], units: 8, activation: "tanh", ...seeded(1) }),
      layers.dense({ units: 3, activation: "softmax", ...seeded(2) }),
    ],
  });
}

/** Images of 6×6 in bytes, whose class is the brightest quarter; as its number. */
export function pictures(count: number): LayersData {
  const values = new Uint8Array(count * 36);
  const labels = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    labels[i] = mix(i) % 4;
    for (let pixel = 0; pixel < 36; pixel++) {
      const quarter = 2 * Number(pixel >= 18) + Number(pixel % 6 >= 3);
      values[i * 36 + pixel] = (mix(i * 36 + pixel) % 120) + (quarter === labels[i] ? 130 : 0);
    }
  }
  const normalization = { mean: 0.5, deviation: 0.5 };
  return { x: { values, shape: [count, 6, 6, 1], normalization }, y: { values: labels, shape: [count] } };
}

export function convolution(): tfl.Sequential {
  return tfl.sequential({
    layers: [
      layers.conv2d({ inputShape: [6, 6, 1], filters: 4, kernelSize: 3, ...seeded(1) }),
      layers.batchNormalization({ momentum: 0.9 }),
      layers.activation({ activation: "relu" }),
      layers.dropout({ rate: 0.25 }),
      layers.flatten(),
      layers.dense({ units: 4, activation: "softmax", ...seeded(2) }),
    ],
  });
}

/** Series of 5 numbers and their mean. */
export function series(count: number): LayersData {
  const values = noise(count * 5, 7);
  const means = Float32Array.from({ length: count }, (_, i) => {
    return values.subarray(i * 5, i * 5 + 5).reduce((sum, value) => sum + value, 0) / 5;
  });
  return { x: { values, shape: [count, 5, 1] }, y: { values: means, shape: [count] } };
}

export function recurrent(dropout = 0): tfl.Sequential {
  return tfl.sequential({
    layers: [
      layers.lstm({
        inputShape: [5, 1],
        units: 4,
        dropout,
        recurrentDropout: dropout,
        recurrentInitializer: tfl.initializers.glorotUniform({ seed: 3 }),
        ...seeded(1),
      }),
      layers.dense({ units: 1, ...seeded(2) }),
    ],
  });
}

/** Sentences of 4 words out of 10; the target is whether the word 3 is among them. */
export function sentences(count: number): LayersData {
  const values = Int32Array.from({ length: count * 4 }, (_, i) => mix(i) % 10);
  const found = Float32Array.from({ length: count }, (_, i) => Number(values.subarray(i * 4, i * 4 + 4).includes(3)));
  return { x: { values, shape: [count, 4] }, y: { values: found, shape: [count] } };
}

export function embedding(): tfl.Sequential {
  return tfl.sequential({
    layers: [
      layers.embedding({
        inputDim: 10,
        outputDim: 3,
        inputLength: 4,
        embeddingsInitializer: tfl.initializers.randomUniform({ minval: -1, maxval: 1, seed: 1 }),
      }),
      layers.spatialDropout1d({ rate: 0.2 }),
      layers.globalMaxPooling1d({}),
      layers.dense({ units: 1, activation: "sigmoid", ...seeded(2) }),
    ],
  });
}
