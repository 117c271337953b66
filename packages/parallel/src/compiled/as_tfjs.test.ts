import type { Tensor } from "@tensorflow/tfjs-core";
import * as tfl from "@tensorflow/tfjs-layers";
import test, { type ExecutionContext } from "ava";
import {
  convolution,
  embedding,
  noise,
  perceptron,
  pictures,
  recurrent,
  rows,
  sentences,
  series,
  weightsOf,
} from "../../test/compiled_models.ts";
import { goesOn } from "../../test/second_fit.ts";
import { tensorflow } from "../../test/tensorflow.ts";
import { fit } from "../fit/fit.ts";
import type { LayersData, NamedSamples, SampleValues } from "./samples.ts";

const tf = await tensorflow();
const { layers } = tfl;

/** The same kernels in the same order: float32 noise is what may be left, of sums that tfjs takes in another order. */
const tolerance = 2e-6;

type Compile = Parameters<tfl.LayersModel["compile"]>[0];

function tensors(samples: NamedSamples): Tensor | Tensor[] {
  if (Array.isArray(samples)) return samples.map((each: SampleValues) => tensors(each) as Tensor);
  const { values, shape, normalization } = samples as SampleValues;
  if (normalization === undefined) return tf.tensor(values, [...shape], "float32");
  const { mean, deviation } = normalization;
  return tf.tensor(
    Float32Array.from(values, (byte) => (byte / 255 - mean) / deviation),
    [...shape],
  );
}

function close(t: ExecutionContext, actual: readonly number[], expected: readonly number[], what: string): void {
  t.is(actual.length, expected.length, what);
  const scale = Math.max(1, ...expected.map(Math.abs));
  const difference = Math.max(...actual.map((value, i) => Math.abs(value - expected[i]))) / scale;
  t.true(
    difference <= tolerance,
    `${what}: ${difference}; ${actual.slice(0, 3).join()} for ${expected.slice(0, 3).join()}`,
  );
}

/** Trains one copy by `model.fit` and one by ours, in one shard and in the order of the data. */
async function compare(
  t: ExecutionContext,
  make: () => tfl.LayersModel,
  compile: () => Compile,
  data: LayersData,
  validationData: LayersData,
): Promise<void> {
  const [theirs, ours] = [make(), make()];
  theirs.compile(compile());
  ours.compile(compile());
  const options = { epochs: 3, batchSize: 32, shuffle: false };
  const validation: [Tensor, Tensor] = [tensors(validationData.x) as Tensor, tensors(validationData.y) as Tensor];
  const expected = await theirs.fit(tensors(data.x), tensors(data.y), {
    ...options,
    validationData: validation,
  });
  const result = await fit(ours, data, { ...options, validationData, shards: 1 });
  t.deepEqual(result.epoch, expected.epoch);
  t.deepEqual(Object.keys(result.history).toSorted(), Object.keys(expected.history).toSorted());
  for (const [name, values] of Object.entries(expected.history)) {
    close(t, result.history[name], values as number[], name);
  }
  close(t, weightsOf(ours), weightsOf(theirs), "weights");
}

const optimizers: Readonly<Record<string, () => Compile["optimizer"]>> = {
  sgd: () => tf.train.sgd(0.1),
  momentum: () => tf.train.momentum(0.05, 0.9, true),
  adam: () => "adam",
  adamax: () => tf.train.adamax(0.01, 0.9, 0.99, 1e-7, 0.01),
  rmsprop: () => tf.train.rmsprop(0.01, 0.9, 0.5),
  adagrad: () => tf.train.adagrad(0.1),
  adadelta: () => tf.train.adadelta(0.5),
};
for (const [name, optimizer] of Object.entries(optimizers)) {
  test.serial(`one shard trains as model.fit does: ${name}, categorical cross-entropy, accuracy`, async (t) => {
    const compile = { loss: "categoricalCrossentropy", metrics: ["accuracy", "mse"] };
    await compare(t, perceptron, () => ({ ...compile, optimizer: optimizer() }), rows(100), rows(40));
  });
}

const losses: Readonly<Record<string, Compile["loss"]>> = {
  meanAbsoluteError: "meanAbsoluteError",
  hinge: "hinge",
  logcosh: "logcosh",
  kullbackLeiblerDivergence: "kullbackLeiblerDivergence",
  poisson: "poisson",
  cosineProximity: "cosineProximity",
  binaryCrossentropy: "binaryCrossentropy",
  "tf.losses.huberLoss": tf.losses.huberLoss,
  "tf.metrics.meanSquaredError": tfl.metrics.meanSquaredError,
};
for (const [name, loss] of Object.entries(losses)) {
  test.serial(`one shard trains as model.fit does: ${name}`, async (t) => {
    const metrics = [tfl.metrics.precision, "mae"];
    await compare(t, perceptron, () => ({ optimizer: tf.train.sgd(0.1), loss, metrics }), rows(70), rows(40));
  });
}

test.serial("one shard trains as model.fit does: LSTM", async (t) => {
  const compile: Compile = { optimizer: "adam", loss: "meanSquaredError" };
  await compare(t, recurrent, () => compile, series(70), series(20));
});

test.serial("one shard trains as model.fit does: embedding", async (t) => {
  const compile: Compile = { optimizer: "adam", loss: "binaryCrossentropy", metrics: ["accuracy"] };
  await compare(
    t,
    () => without(embedding(), "SpatialDropout1D"),
    () => compile,
    sentences(70),
    sentences(20),
  );
});

/** The same model without one kind of layer. */
function without(model: tfl.LayersModel, kind: string): tfl.LayersModel {
  const others = model.layers.filter((layer) => layer.getClassName() !== kind);
  return tfl.sequential({ layers: others.map((layer) => rebuilt(layer)) });
}

/** As tfjs wants the numbers of classes: a column of floats. */
function column({ x, y }: LayersData): LayersData {
  const { values, shape } = y as SampleValues;
  return { x, y: { values: Float32Array.from(values), shape: [shape[0], 1] } };
}

test.serial("one shard trains as model.fit does: batch normalization, with its moving statistics", async (t) => {
  const compile = { loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] };
  const momentum = (): Compile => ({ ...compile, optimizer: tf.train.momentum(0.01, 0.9) });
  await compare(t, () => without(convolution(), "Dropout"), momentum, column(pictures(70)), column(pictures(40)));
});

/** A layer that no model has yet. */
function rebuilt(layer: tfl.LayersModel["layers"][number]): tfl.LayersModel["layers"][number] {
  const { constructor } = layer as unknown as { constructor: new (config: object) => typeof layer };
  return (constructor as unknown as { fromConfig(type: unknown, config: object): typeof layer }).fromConfig(
    constructor,
    layer.getConfig(),
  );
}

function regularized(): tfl.LayersModel {
  return tfl.sequential({
    layers: [
      layers.dense({
        inputShape: [6],
        units: 3,
        activation: "softmax",
        kernelInitializer: tfl.initializers.glorotUniform({ seed: 1 }),
        kernelRegularizer: tfl.regularizers.l1l2({ l1: 0.01, l2: 0.02 }),
      }),
    ],
  });
}

test.serial("one shard trains as model.fit does: regularization", async (t) => {
  const compile: Compile = { optimizer: "sgd", loss: "categoricalCrossentropy" };
  await compare(t, regularized, () => compile, rows(70), rows(40));
});

function twoByTwo(): tfl.LayersModel {
  const left = tfl.input({ shape: [2], name: "left" });
  const right = tfl.input({ shape: [3], name: "right" });
  const dense = (units: number, seed: number, name: string): ReturnType<typeof layers.dense> =>
    layers.dense({ units, name, kernelInitializer: tfl.initializers.glorotUniform({ seed }) });
  const joined = layers
    .concatenate()
    .apply([left, dense(4, 1, "hidden").apply(right) as tfl.SymbolicTensor]) as tfl.SymbolicTensor;
  const outputs = [dense(1, 2, "sum").apply(joined), dense(2, 3, "pair").apply(joined)] as tfl.SymbolicTensor[];
  return tfl.model({ inputs: [left, right], outputs });
}

function twoByTwoData(count: number): { readonly x: SampleValues[]; readonly y: SampleValues[] } {
  const values = (size: number, from: number): SampleValues => ({
    values: noise(count * size, from),
    shape: [count, size],
  });
  return { x: [values(2, 1), values(3, 2)], y: [values(1, 3), values(2, 4)] };
}

test.serial("two inputs and two outputs train as model.fit does, given in order or by name", async (t) => {
  const compile = { optimizer: "sgd", loss: { sum: "meanSquaredError", pair: "meanAbsoluteError" }, metrics: ["mse"] };
  const [theirs, ours, named] = [twoByTwo(), twoByTwo(), twoByTwo()];
  for (const model of [theirs, ours, named]) model.compile(compile);
  const data = twoByTwoData(50);
  const options = { epochs: 2, shuffle: false };
  const expected = await theirs.fit(tensors(data.x), tensors(data.y), options);
  const result = await fit(ours, data, { ...options, shards: 1, validationData: data });
  for (const [name, values] of Object.entries(expected.history))
    close(t, result.history[name], values as number[], name);
  close(t, weightsOf(ours), weightsOf(theirs), "weights");
  const [x, y] = [data.x, data.y];
  const records = { x: { right: x[1], left: x[0] }, y: { pair: y[1], sum: y[0] } };
  const again = await fit(named, records, { ...options, shards: 1 });
  t.is(again.weightsSha256, result.weightsSha256);
  // model.fit itself puts the loss of the first output there.
  const { val_loss: loss, val_sum_loss: sum, val_pair_loss: pair } = result.history;
  close(
    t,
    loss,
    sum.map((value, i) => value + pair[i]),
    "val_loss",
  );
});

// Of all optimizers Adamax remembers most: two vectors for each weight and a power. The long test has the others.
test.serial("a second fit goes on where the first stopped: adamax", async (t) => {
  await goesOn(t, "adamax");
});

function constrained(): tfl.LayersModel {
  const model = tfl.sequential({
    layers: [layers.dense({ inputShape: [6], units: 3, kernelConstraint: "nonNeg", kernelInitializer: "zeros" })],
  });
  model.compile({ optimizer: tf.train.sgd(0.5), loss: "meanSquaredError" });
  return model;
}

test.serial("a constraint holds after every step, which model.fit itself forgets", async (t) => {
  const [stepwise, ours] = [constrained(), constrained()];
  const data = rows(64);
  for (const start of [0, 32]) {
    const x = tf.tensor(data.x.values.subarray(start * 6, (start + 32) * 6), [32, 6]);
    await stepwise.trainOnBatch(x, tf.tensor(data.y.values.subarray(start * 3, (start + 32) * 3), [32, 3]));
    const [kernel, bias] = stepwise.getWeights();
    t.true(kernel.dataSync().some((weight) => weight < 0));
    stepwise.setWeights([tf.relu(kernel), bias]);
  }
  await fit(ours, data, { shuffle: false, shards: 1 });
  close(t, weightsOf(ours), weightsOf(stepwise), "weights");
});
