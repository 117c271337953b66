import { adam, sgd, type ImageData } from "@convoy/core";
import * as tfl from "@tensorflow/tfjs-layers";
import type { ExecutionContext } from "ava";
import { fit } from "../src/fit/fit.ts";
import type { FitOptions } from "../src/fit/options.ts";
import type { EpochResult } from "../src/fit/result.ts";
import { checkpointAt } from "./checkpoint_at.ts";
import { bands, smallNetwork } from "./small_network.ts";

const momentum = sgd({ learningRate: 0.01, momentum: 0.9 });

/** What must be the same. */
export const withoutTime = (result: EpochResult): EpochResult => ({
  ...result,
  imagesPerSecond: 0,
  seconds: 0,
  usage: [],
});

export interface ResumeCase {
  readonly title: string;
  readonly model: () => Parameters<typeof fit>[0];
  readonly data: ImageData;
  readonly options: FitOptions;
  /** Optimizer steps after which the run ends and another one goes on. */
  readonly stops: readonly number[];
  /** Some of them, for the quick test. */
  readonly quickly: readonly number[];
}

function tfjsModel(): tfl.LayersModel {
  const kernelInitializer = tfl.initializers.glorotUniform({ seed: 1 });
  return tfl.sequential({
    layers: [tfl.layers.flatten({ inputShape: [8, 8, 1] }), tfl.layers.dense({ units: 4, kernelInitializer })],
  });
}

export const resumeCases: readonly ResumeCase[] = [
  {
    title: "SGD with momentum, dropout, 3 steps an epoch of which the last is short",
    model: () => smallNetwork(0.3),
    data: bands(137),
    options: { batchSize: 50, epochs: 3, seed: 5, optimizer: momentum },
    stops: [0, 1, 3, 5, 8],
    quickly: [0, 5],
  },
  {
    title: "Adam, dropout, 8 shards, with an evaluation and 85 images to validate on",
    model: () => smallNetwork(0.25),
    data: bands(341),
    options: {
      shards: 8,
      epochs: 3,
      optimizer: adam({ learningRate: 0.01 }),
      test: bands(40),
      validationSplit: 0.25,
    },
    stops: [4, 7, 12],
    quickly: [12, 7],
  },
  {
    title: "the tape replica of a Sequential",
    model: () => smallNetwork(0.25),
    data: bands(137),
    options: { batchSize: 50, epochs: 2, optimizer: adam({ learningRate: 0.01 }), replica: "tape" },
    stops: [2, 3, 4],
    quickly: [3],
  },
  {
    title: "a tfjs-layers model, made anew, whose layers have other names by then",
    model: tfjsModel,
    data: bands(137),
    options: { batchSize: 50, epochs: 2, optimizer: momentum },
    stops: [4],
    quickly: [4],
  },
];

/** Stops a run after each of these steps and goes on with it, each time with another number of workers. */
export async function resumesToSameBits(
  t: ExecutionContext,
  { model, data, options }: ResumeCase,
  stops: readonly number[],
): Promise<void> {
  const expected = await fit(model(), data, { ...options, workers: 1 });
  for (const [i, stop] of stops.entries()) {
    // Each run needs the one before.
    // oxlint-disable no-await-in-loop
    const resumeFrom = await checkpointAt(stop, model(), data, { ...options, workers: 1 + ((i + 1) % 3) });
    const workers = 1 + (i % 3);
    const result = await fit(model(), data, { ...options, resumeFrom, workers });
    // oxlint-enable no-await-in-loop
    t.is(result.weightsSha256, expected.weightsSha256, `after step ${stop}, with ${workers} workers`);
    t.is(result.steps, expected.steps);
    t.is(result.epochs, expected.epochs);
    t.deepEqual(result.best, expected.best);
    t.deepEqual(result.history.map(withoutTime), expected.history.slice(resumeFrom.epoch).map(withoutTime));
  }
}
