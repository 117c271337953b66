import type { Tensor } from "@tensorflow/tfjs-core";
import * as tfl from "@tensorflow/tfjs-layers";
import test from "ava";
import { noise, weightsOf } from "../../test/compiled_models.ts";
import { tensorflow } from "../../test/tensorflow.ts";
import { fit } from "../fit/fit.ts";
import type { SampleValues } from "./samples.ts";

const tf = await tensorflow();
const { layers } = tfl;

type Layer = ReturnType<typeof layers.dense>;

interface Input {
  /** Of one sample. */
  readonly shape: readonly number[];
  /** Whole numbers below this one instead of noise. */
  readonly ids?: number;
  readonly branches: Readonly<Record<string, () => readonly unknown[]>>;
}

const bidirectional = (): unknown => layers.bidirectional({ layer: layers.lstm({ units: 2 }), mergeMode: "concat" });
const shared = (): unknown => layers.timeDistributed({ layer: layers.conv2d({ filters: 2, kernelSize: 2 }) });

/** One model has all of them: each branch has an output, and so a loss, of its own. */
const inputs: Readonly<Record<string, Input>> = {
  ids: { shape: [4], ids: 7, branches: { embedding: () => [layers.embedding({ inputDim: 7, outputDim: 3 })] } },
  series: {
    shape: [4, 3],
    branches: {
      gru: () => [layers.gru({ units: 3 })],
      simpleRNN: () => [layers.simpleRNN({ units: 3, returnSequences: true }), layers.simpleRNN({ units: 2 })],
      bidirectional: () => [bidirectional()],
      layerNormalization: () => [layers.layerNormalization({})],
      batchNormalization: () => [layers.batchNormalization({}), layers.prelu({})],
    },
  },
  film: {
    shape: [2, 4, 4, 2],
    branches: {
      convLstm2d: () => [layers.convLstm2d({ filters: 2, kernelSize: 2 })],
      timeDistributed: () => [shared()],
    },
  },
  image: {
    shape: [5, 4, 2],
    branches: {
      separableConv2d: () => [layers.separableConv2d({ filters: 3, kernelSize: 3, padding: "same" })],
      conv2dTranspose: () => [layers.conv2dTranspose({ filters: 2, kernelSize: 3, strides: 2 })],
    },
  },
};

function manyKinds(): tfl.LayersModel {
  const symbols: tfl.SymbolicTensor[] = [];
  const outputs: tfl.SymbolicTensor[] = [];
  for (const { shape, branches } of Object.values(inputs)) {
    const input = tfl.input({ shape: [...shape] });
    symbols.push(input);
    for (const [name, make] of Object.entries(branches)) {
      const kind = make() as Layer[];
      const symbol = kind.reduce((before, layer) => layer.apply(before) as tfl.SymbolicTensor, input);
      const flat = symbol.rank > 2 ? layers.flatten().apply(symbol) : symbol;
      outputs.push(layers.dense({ units: 2, name }).apply(flat) as tfl.SymbolicTensor);
    }
  }
  const model = tfl.model({ inputs: symbols, outputs });
  // The default initializers draw other numbers each time. A variance is no noise.
  const weights = model.weights.map((weight, i) => {
    const { shape, size } = weight.read();
    return /variance/.test(weight.name) ? tf.ones(shape) : tf.tensor(noise(size, i * 1000), shape);
  });
  model.setWeights(weights);
  model.compile({ optimizer: tf.train.momentum(0.002, 0.9), loss: "meanSquaredError" });
  return model;
}

function samples(count: number): { readonly x: SampleValues[]; readonly y: SampleValues[] } {
  const x = Object.values(inputs).map(({ shape, ids }, i): SampleValues => {
    const values = noise(
      shape.reduce((size, length) => size * length, count),
      i * 100_000,
    );
    const whole = ids === undefined ? values : Int32Array.from(values, (value) => ((value + 1) / 2) * ids);
    return { values: whole, shape: [count, ...shape] };
  });
  const y = Object.values(inputs)
    .flatMap(({ branches }) => Object.keys(branches))
    .map((_, i): SampleValues => ({ values: noise(count * 2, i * 7000), shape: [count, 2] }));
  return { x, y };
}

/** Largest difference, of the largest number. */
function distance(a: readonly number[], b: readonly number[]): number {
  const largest = b.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
  return b.reduce((most, value, i) => Math.max(most, Math.abs(value - a[i])), 0) / largest;
}

function tensors(samplesOfAll: readonly SampleValues[]): Tensor[] {
  return samplesOfAll.map(({ values, shape }) => tf.tensor(Float32Array.from(values), [...shape]));
}

test.serial("one shard trains all kinds of layers as model.fit does", async (t) => {
  const [theirs, ours, before] = [manyKinds(), manyKinds(), manyKinds()];
  const data = samples(20);
  const options = { epochs: 2, batchSize: 8, shuffle: false };
  const expected = await theirs.fit(tensors(data.x), tensors(data.y), { ...options, yieldEvery: "never" });
  const { history } = await fit(ours, data, { ...options, shards: 1 });
  t.deepEqual(Object.keys(history).toSorted(), Object.keys(expected.history).toSorted());
  for (const [name, values] of Object.entries(expected.history)) {
    const difference = distance(history[name], values as number[]);
    t.true(difference < 1e-5, `${name}: ${difference}`);
  }
  for (const [i, weight] of theirs.weights.entries()) {
    const [a, b, c] = [ours, theirs, before].map((model) => Array.from(model.weights[i].read().dataSync()));
    t.notDeepEqual(a, c, `${weight.name} changes`);
    t.true(distance(a, b) < 1e-5, `${weight.name}: ${distance(a, b)}`);
  }
});

async function inThreeShards(workers: number): Promise<unknown> {
  const model = manyKinds();
  const { history, weightsSha256 } = await fit(model, samples(20), { batchSize: 8, shards: 3, workers });
  return { history, weightsSha256, weights: weightsOf(model) };
}

test.serial("1, 2 and 3 workers give the same bits with all kinds of layers", async (t) => {
  const expected = await inThreeShards(1);
  for (const workers of [2, 3]) t.deepEqual(await inThreeShards(workers), expected, `${workers} workers`);
});
