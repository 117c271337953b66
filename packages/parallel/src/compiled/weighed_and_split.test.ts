import type { Tensor } from "@tensorflow/tfjs-core";
import * as tfl from "@tensorflow/tfjs-layers";
import test, { type ExecutionContext } from "ava";
import { embedding, noise, perceptron, rows, sentences, weightsOf } from "../../test/compiled_models.ts";
import { tensorflow } from "../../test/tensorflow.ts";
import { fit } from "../fit/fit.ts";
import type { LayersFitOptions } from "./options.ts";
import type { LayersData, SampleValues } from "./samples.ts";

const tf = await tensorflow();
const { layers } = tfl;

const classWeight = { 0: 1, 1: 4, 2: 0.25 };
const options = { epochs: 2, batchSize: 16, shuffle: false };

function compiled(loss: string, model: tfl.LayersModel = perceptron()): tfl.LayersModel {
  model.compile({ optimizer: tf.train.momentum(0.1, 0.9), loss, metrics: ["accuracy"] });
  return model;
}

function tensor({ values, shape }: SampleValues): Tensor {
  return tf.tensor(values, [...shape], "float32");
}

/** The same rows with numbers of classes instead of one-hot vectors. */
function numbered(count: number): LayersData & { readonly x: SampleValues; readonly y: SampleValues } {
  const { x, y } = rows(count);
  const labels = Float32Array.from({ length: count }, (_, i) => y.values.subarray(i * 3, i * 3 + 3).indexOf(1));
  return { x, y: { values: labels, shape: [count, 1] } };
}

function near(t: ExecutionContext, found: readonly number[], expected: readonly number[], what: string): void {
  t.is(found.length, expected.length, what);
  t.true(Math.max(...found.map((value, i) => Math.abs(value - expected[i]))) < 2e-6, `${what}: ${found.join()}`);
}

const asTfjs: Readonly<
  Record<string, readonly [loss: string, data: ReturnType<typeof rows>, more: LayersFitOptions & tfl.ModelFitArgs]>
> = {
  "class weights of one-hot targets": ["categoricalCrossentropy", rows(40), { classWeight }],
  "class weights of numbered targets": ["sparseCategoricalCrossentropy", numbered(40), { classWeight }],
  "a validation split": ["categoricalCrossentropy", rows(41), { validationSplit: 0.3 }],
  "class weights and a validation split": ["categoricalCrossentropy", rows(41), { classWeight, validationSplit: 0.25 }],
};
for (const [name, [loss, data, more]] of Object.entries(asTfjs)) {
  test.serial(`one shard trains as model.fit does: ${name}`, async (t) => {
    const [theirs, ours] = [compiled(loss), compiled(loss)];
    const expected = await theirs.fit(tensor(data.x), tensor(data.y), { ...options, ...(more as tfl.ModelFitArgs) });
    const result = await fit(ours, data, { ...options, ...(more as LayersFitOptions) });
    t.deepEqual(Object.keys(result.history).toSorted(), Object.keys(expected.history).toSorted());
    for (const [key, values] of Object.entries(expected.history)) near(t, result.history[key], values as number[], key);
    near(t, weightsOf(ours), weightsOf(theirs), "weights");
  });
}

test.serial("sample weights, which model.fit does not have, weigh as class weights do, on any workers", async (t) => {
  const data = rows(40);
  const weights = Float32Array.from(
    { length: 40 },
    (_, i) => classWeight[data.y.values.subarray(i * 3).indexOf(1) as 0 | 1 | 2],
  );
  const [byClass, ...bySample] = [1, 2, 3].map(() => compiled("categoricalCrossentropy"));
  const shared = { ...options, shards: 3 };
  const expected = await fit(byClass, data, { ...shared, classWeight });
  for (const [i, model] of bySample.entries()) {
    const sampleWeight = i === 0 ? { values: weights, shape: [40] } : tf.tensor1d(weights);
    const { weightsSha256, history } = await fit(model, data, { ...shared, sampleWeight, workers: i + 2 });
    t.deepEqual([weightsSha256, history], [expected.weightsSha256, expected.history]);
  }
});

function twoOutputs(): tfl.LayersModel {
  const input = tfl.input({ shape: [6] });
  const outputs = ["a", "b"].map(
    (name, i) =>
      layers
        .dense({
          units: 3,
          name,
          activation: "softmax",
          kernelInitializer: tfl.initializers.glorotUniform({ seed: i }),
        })
        .apply(input) as tfl.SymbolicTensor,
  );
  return compiled("categoricalCrossentropy", tfl.model({ inputs: input, outputs }));
}

test.serial("class weights of some of several outputs, by name or in order", async (t) => {
  const { x, y } = rows(32);
  const theirs = twoOutputs();
  const given = { a: classWeight, b: { 0: 1, 1: 1, 2: 2 } };
  await theirs.fit(tensor(x), [tensor(y), tensor(y)], { ...options, classWeight: given });
  for (const each of [given, [given.a, given.b]]) {
    const ours = twoOutputs();
    await fit(ours, { x, y: [y, y] }, { ...options, shards: 1, classWeight: each });
    near(t, weightsOf(ours), weightsOf(theirs), "weights");
  }
});

const { x, y } = rows(20);
const numbers = numbered(20);
const badLabels = (label: number): LayersData => ({
  x: numbers.x,
  y: { values: numbers.y.values.map((value, i) => (i === 7 ? label : value)), shape: numbers.y.shape },
});
const refused: Readonly<
  Record<string, readonly [loss: string, data: unknown, options: unknown, code: string, message: RegExp]>
> = {
  "a class above the last": [
    "sparseCategoricalCrossentropy",
    badLabels(3),
    {},
    "FIT_DATA",
    /y of .*: sample 7 has 3; sparseCat.* whole numbers from 0 to 2/,
  ],
  "a class below 0": ["sparseCategoricalCrossentropy", badLabels(-1), {}, "FIT_DATA", /sample 7 has -1/],
  "half a class": ["sparseCategoricalCrossentropy", badLabels(0.5), {}, "FIT_DATA", /sample 7 has 0\.5/],
  "a class that is no number": ["sparseCategoricalCrossentropy", badLabels(NaN), {}, "FIT_DATA", /sample 7 has NaN/],
  "a class above the last, in validation": [
    "sparseCategoricalCrossentropy",
    numbers,
    { validationData: badLabels(3) },
    "FIT_DATA",
    /y of validationData/,
  ],
  "a class without a weight": [
    "categoricalCrossentropy",
    { x, y },
    { classWeight: { 0: 1, 1: 1 } },
    "FIT_DATA",
    /no number for class 2/,
  ],
  "class weights that are none": [
    "categoricalCrossentropy",
    { x, y },
    { classWeight: 3 },
    "FIT_OPTION",
    /classWeight must be an object/,
  ],
  "too few sample weights": [
    "categoricalCrossentropy",
    { x, y },
    { sampleWeight: { values: noise(4), shape: [4] } },
    "FIT_OPTION",
    /4 numbers for 20/,
  ],
  "a weight that is no number": [
    "categoricalCrossentropy",
    { x, y },
    { classWeight: { 0: NaN, 1: 1, 2: 1 } },
    "FIT_OPTION",
    /weight of sample \d+ is NaN/,
  ],
  "a whole split": [
    "categoricalCrossentropy",
    { x, y },
    { validationSplit: 1 },
    "FIT_OPTION",
    /validationSplit must be a number above 0 and below 1/,
  ],
  "a split that leaves nothing": [
    "categoricalCrossentropy",
    { x, y },
    { validationSplit: 0.99 },
    "FIT_OPTION",
    /leaves none of 20 samples/,
  ],
  "a split beside validation data": [
    "categoricalCrossentropy",
    { x, y },
    { validationSplit: 0.5, validationData: { x, y } },
    "FIT_OPTION",
    /validationData or validationSplit/,
  ],
  "steps of an epoch": [
    "categoricalCrossentropy",
    { x, y },
    { stepsPerEpoch: 3 },
    "FIT_OPTION",
    /no stepsPerEpoch: .*fewer samples/,
  ],
  verbosity: ["categoricalCrossentropy", { x, y }, { verbose: 0 }, "FIT_OPTION", /no verbose: .*progress: true/],
  "a Dataset": [
    "categoricalCrossentropy",
    { iterator() {}, forEachAsync() {} },
    {},
    "FIT_DATA",
    /no tf\.data Dataset.*toArray\(\).*model\.fitDataset/,
  ],
  "inputs alone, as model.fit takes them": [
    "categoricalCrossentropy",
    tf.ones([4, 6]),
    {},
    "FIT_DATA",
    /fit\(model, \{ x, y \}, options\)/,
  ],
};
for (const [name, [loss, data, more, code, message]] of Object.entries(refused)) {
  test.serial(`${name}: refused before a thread starts`, async (t) => {
    await t.throwsAsync(fit(compiled(loss), data as LayersData, more as LayersFitOptions), { code, message });
  });
}

test.serial("a word that an embedding does not have is refused", async (t) => {
  const { x: words, y: found } = sentences(12) as { x: SampleValues; y: SampleValues };
  const values = words.values.map((word, i) => (i === 9 ? 10 : word));
  const message = /x of the training data for .*: sample 2 has 10; the embedding .* from 0 to 9/;
  await t.throwsAsync(fit(compiled("binaryCrossentropy", embedding()), { x: { ...words, values }, y: found }), {
    code: "FIT_DATA",
    message,
  });
});

test.serial("weights for a loss that gives one number for all samples are refused", async (t) => {
  const model = perceptron();
  model.compile({ optimizer: "sgd", loss: tf.losses.huberLoss });
  const message = /need a loss that gives a number for each sample; this one gives one for all/;
  await t.throwsAsync(fit(model, rows(20), { classWeight }), { code: "TAPE_FUNCTION", message });
});
