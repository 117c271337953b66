import * as tfl from "@tensorflow/tfjs-layers";
import test from "ava";
import {
  convolution,
  embedding,
  perceptron,
  pictures,
  recurrent,
  rows,
  sentences,
  series,
  weightsOf,
} from "../../test/compiled_models.ts";
import { tensorflow } from "../../test/tensorflow.ts";
import { fit } from "../fit/fit.ts";
import type { LayersFitOptions } from "./options.ts";
import type { LayersData } from "./samples.ts";

const tf = await tensorflow();

interface Case {
  readonly title: string;
  readonly model: () => tfl.LayersModel;
  readonly compile: Parameters<tfl.LayersModel["compile"]>[0];
  readonly data: LayersData;
  readonly validation: LayersData;
  readonly options?: LayersFitOptions;
}

const cases: readonly Case[] = [
  {
    title: "convolution, batch normalization and dropout; sparse cross-entropy of images in bytes",
    model: convolution,
    compile: { optimizer: "adam", loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] },
    data: pictures(150),
    validation: pictures(40),
  },
  {
    title: "LSTM with dropout, and an uneven last minibatch in 7 shards",
    model: () => recurrent(0.2),
    compile: { optimizer: "rmsprop", loss: "meanSquaredError", metrics: ["mae"] },
    data: series(61),
    validation: series(20),
    options: { batchSize: 24, shards: 7, seed: 5 },
  },
  {
    title: "embedding and spatial dropout",
    model: embedding,
    compile: { optimizer: "adagrad", loss: "binaryCrossentropy", metrics: ["accuracy"] },
    data: sentences(90),
    validation: sentences(30),
    options: { batchSize: 40, shards: 4 },
  },
  {
    title: "every other layer that draws random numbers",
    model: () =>
      tfl.sequential({
        layers: [
          tfl.layers.gaussianNoise({ inputShape: [6], stddev: 0.1 }),
          tfl.layers.dense({ units: 8, kernelInitializer: tfl.initializers.glorotUniform({ seed: 1 }) }),
          tfl.layers.alphaDropout({ rate: 0.2 }),
          tfl.layers.gaussianDropout({ rate: 0.2 }),
          tfl.layers.dropout({ rate: 0.2, noiseShape: [1, 8] }),
          tfl.layers.dense({
            units: 3,
            activation: "softmax",
            kernelInitializer: tfl.initializers.glorotUniform({ seed: 2 }),
          }),
        ],
      }),
    compile: { optimizer: "sgd", loss: "categoricalCrossentropy" },
    data: rows(70),
    validation: rows(20),
    options: { batchSize: 32, shards: 4, seed: 9 },
  },
];

for (const { title, model, compile, data, validation, options } of cases) {
  test.serial(`1, 2, 3 and 4 workers give the same bits: ${title}`, async (t) => {
    const run = async (workers: number): Promise<{ weights: number[]; told: object }> => {
      const trained = model();
      trained.compile(compile);
      const before = weightsOf(trained);
      const result = await fit(trained, data, { ...options, validationData: validation, epochs: 2, workers });
      const weights = weightsOf(trained);
      t.notDeepEqual(weights, before);
      t.is(result.workers, Math.min(workers, result.shards));
      const { epoch, history, weightsSha256 } = result;
      trained.dispose();
      return { weights, told: { epoch, history, weightsSha256 } };
    };
    const expected = await run(1);
    for (const workers of [2, 3, 4]) t.deepEqual(await run(workers), expected, `${workers} workers`);
  });
}

test.serial("another seed gives other bits, of the order and of dropout", async (t) => {
  const hashes = new Set<string>();
  for (const options of [{}, { seed: 2 }, { shuffle: false }, { shuffle: false, seed: 2 }]) {
    const model = convolution();
    model.compile({ optimizer: tf.train.sgd(0.1), loss: "sparseCategoricalCrossentropy" });
    hashes.add((await fit(model, pictures(64), { ...options, workers: 2 })).weightsSha256);
  }
  t.is(hashes.size, 4);
});

test.serial("a network learns", async (t) => {
  const model = perceptron();
  model.compile({ optimizer: tf.train.adam(0.05), loss: "categoricalCrossentropy", metrics: ["accuracy"] });
  const { history } = await fit(model, rows(512), { epochs: 15, workers: 2, validationData: rows(100) });
  const { loss, val_acc: accuracy } = history;
  t.true(loss[14] < loss[0] * 0.7, String(loss));
  t.true(accuracy[14] > 0.75, String(accuracy));
});
