import * as tf from "@tensorflow/tfjs-core";
import * as tfl from "@tensorflow/tfjs-layers";
import test from "ava";
import { perceptron, recurrent, rows, series } from "../../test/compiled_models.ts";
import { Counting } from "../../test/models/counting.ts";
import { Sampling } from "../../test/models/sampling.ts";
import { tensorflow } from "../../test/tensorflow.ts";
import { fit } from "../fit/fit.ts";
import type { LayersFitOptions } from "./options.ts";
import type { LayersData } from "./samples.ts";

const { layers } = tfl;

test.before(async () => {
  await tensorflow();
});

function compiled(model: tfl.LayersModel): tfl.LayersModel {
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  return model;
}

const values = new Float32Array(12);
const y = { values: new Float32Array(6), shape: [2, 3] };
const x = { values, shape: [2, 6] };
const badData: Readonly<Record<string, readonly [data: unknown, message: RegExp]>> = {
  "no targets": [{ x }, /must be \{ x, y \}/],
  "another shape": [
    { x: { values, shape: [3, 4] }, y },
    /x of the training data for dense_.* \[samples, 6\]; got \[3, 4\]/,
  ],
  "too few numbers": [{ x: { values, shape: [3, 6] }, y }, /\[3, 6\] needs 18 numbers; got 12/],
  "fewer targets": [{ x, y: { values: new Float32Array(3), shape: [1, 3] } }, /as many samples; got 2 and 1/],
  "no samples": [
    { x: { values: new Float32Array(0), shape: [0, 6] }, y: { values: new Float32Array(0), shape: [0, 3] } },
    /have no samples/,
  ],
  "two inputs for one": [{ x: [x, x], y }, /x of the training data must be a tensor, or \{ values, shape \}/],
  "a plain array": [{ x: [[1, 2, 3, 4, 5, 6]], y }, /must be a tensor/],
  "a shape of halves": [{ x: { values, shape: [2, 5.5] }, y }, /must be a tensor/],
  "a normalization of floats": [
    { x: { ...x, normalization: { mean: 0, deviation: 1 } }, y },
    /normalization needs bytes/,
  ],
};
for (const [name, [data, message]] of Object.entries(badData)) {
  test.serial(`data with ${name} is refused before a thread starts`, async (t) => {
    const model = compiled(perceptron());
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const wrong = data as LayersData;
    await t.throwsAsync(fit(model, wrong), { code: "FIT_DATA", message });
    await t.throwsAsync(fit(model, rows(4), { validationData: wrong }), {
      code: "FIT_DATA",
      message: /validationData/,
    });
  });
}

test.serial("a tensor of another type is refused", async (t) => {
  const data = { x: tf.ones([2, 6], "bool"), y: tf.ones([2, 3]) };
  await t.throwsAsync(fit(compiled(perceptron()), data), { code: "FIT_DATA", message: /is bool; cast it/ });
});

const badOptions: Readonly<Record<string, LayersFitOptions>> = {
  epochs: { epochs: 0 },
  batchSize: { batchSize: 0.5 },
  workers: { workers: 0 },
  shards: { shards: 65 },
  seed: { seed: -1 },
  maxRestarts: { maxRestarts: -1 },
  shuffle: { shuffle: "batch" as never },
  modelModule: { modelModule: "./model.js" },
  signal: { signal: {} as never },
  onEvent: { onEvent: 3 as never },
  optimizer: { optimizer: "adam" } as never,
  callbacks: { callbacks: 3 } as never,
};
for (const [option, options] of Object.entries(badOptions)) {
  test.serial(`${option}: ${JSON.stringify(Object.values(options)[0])} is refused by name`, async (t) => {
    const error = await t.throwsAsync(fit(compiled(perceptron()), rows(4), options), { code: "FIT_OPTION" });
    t.true(error.message.includes(option));
  });
}

const badModels: Readonly<
  Record<string, readonly [model: () => tfl.LayersModel, data: LayersData, code: string, message: RegExp]>
> = {
  "is not compiled": [perceptron, rows(4), "TAPE_NOT_COMPILED", /model\.compile/],
  "has nothing to train": [
    () => {
      const model = compiled(perceptron());
      for (const layer of model.layers) layer.trainable = false;
      return model;
    },
    rows(4),
    "TAPE_MODEL",
    /no trainable weights/,
  ],
  "has a stateful layer": [
    () =>
      compiled(
        tfl.sequential({
          layers: [
            layers.simpleRNN({
              units: 1,
              batchInputShape: [4, 5, 1],
              stateful: true,
              recurrentInitializer: "glorotUniform",
              name: "memory",
            }),
          ],
        }),
      ),
    series(4),
    "TAPE_LAYER_UNSUPPORTED",
    /"memory" is stateful/,
  ],
};
for (const [name, [model, data, code, message]] of Object.entries(badModels)) {
  test.serial(`a model that ${name} is refused`, async (t) => {
    await t.throwsAsync(fit(model(), data), { code, message });
  });
}

test.serial("random numbers that nobody can draw again are refused", async (t) => {
  const model = tfl.sequential({
    layers: [new Sampling({ inputShape: [6] }), layers.dense({ units: 3 })],
  });
  const modelModule = new URL("../../test/models/sampling.ts", import.meta.url);
  await t.throwsAsync(fit(compiled(model), rows(4), { modelModule }), { code: "TAPE_RANDOM", message: /give.*a seed/ });
});

test.serial("a layer that changes its own weights is refused", async (t) => {
  const model = tfl.sequential({ layers: [new Counting({ inputShape: [6] }), layers.dense({ units: 3 })] });
  const modelModule = new URL("../../test/models/counting.ts", import.meta.url);
  await t.throwsAsync(fit(compiled(model), rows(4), { modelModule }), {
    code: "TAPE_LAYER_UNSUPPORTED",
    message: /changes it while it computes/,
  });
});

test.serial("an int32 target is taken, and a vector as a column", async (t) => {
  const model = compiled(recurrent());
  const { x: input } = series(6);
  const result = await fit(model, { x: input, y: tf.tensor1d([1, 2, 3, 4, 5, 6], "int32") }, { workers: 1 });
  t.is(result.history["loss"].length, 1);
});
