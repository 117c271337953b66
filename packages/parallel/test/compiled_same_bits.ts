import * as tfl from "@tensorflow/tfjs-layers";
import type { ExecutionContext } from "ava";
import type { LayersFitOptions } from "../src/compiled/options.ts";
import type { LayersData } from "../src/compiled/samples.ts";
import { fit } from "../src/fit/fit.ts";
import { convolution, embedding, pictures, recurrent, rows, sentences, series, weightsOf } from "./compiled_models.ts";

export interface SameBitsCase {
  readonly title: string;
  readonly model: () => tfl.LayersModel;
  readonly compile: Parameters<tfl.LayersModel["compile"]>[0];
  readonly data: LayersData;
  readonly validation: LayersData;
  readonly options?: LayersFitOptions;
}

export const sameBitsCases: readonly SameBitsCase[] = [
  {
    title: "convolution, batch normalization and dropout; sparse cross-entropy of images in bytes",
    model: convolution,
    compile: { optimizer: "adam", loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] },
    data: pictures(150),
    validation: pictures(40),
    options: { shards: 2 },
  },
  {
    title: "a frozen batch normalization, and a layer that a model inside shares with the one around it",
    model: sharing,
    compile: { optimizer: "adam", loss: "categoricalCrossentropy" },
    data: rows(50),
    validation: rows(20),
    options: { batchSize: 24, shards: 3 },
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

function sharing(): tfl.LayersModel {
  const { layers, initializers } = tfl;
  const shared = layers.dense({
    units: 6,
    activation: "tanh",
    kernelInitializer: initializers.glorotUniform({ seed: 1 }),
  });
  const inside = tfl.sequential({
    layers: [layers.batchNormalization({ inputShape: [6], trainable: false }), shared],
  });
  const last = layers.dense({
    units: 3,
    activation: "softmax",
    kernelInitializer: initializers.glorotUniform({ seed: 2 }),
  });
  return tfl.sequential({ layers: [inside, shared, last] });
}

/** Trains with one worker and with each of these numbers of them, and compares all that must be the same. */
export async function haveSameBits(
  t: ExecutionContext,
  { model, compile, data, validation, options }: SameBitsCase,
  numbersOfWorkers: readonly number[],
): Promise<void> {
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
  for (const workers of numbersOfWorkers) t.deepEqual(await run(workers), expected, `${workers} workers`);
}
