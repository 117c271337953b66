import { adam, sgd } from "@convoy/core";
import type { ExecutionContext } from "ava";
import { createTrainer } from "../src/fit/create_trainer.ts";
import { fit } from "../src/fit/fit.ts";
import type { FitOptions } from "../src/fit/options.ts";
import type { EpochResult } from "../src/fit/result.ts";
import { bands, smallNetwork } from "./small_network.ts";

export interface SameBitsCase {
  readonly title: string;
  readonly images: number;
  readonly dropout?: number;
  readonly options: FitOptions;
  /** Threads that really train when 8 are asked for. */
  readonly most: number;
}

const momentum = sgd({ learningRate: 0.01, momentum: 0.9 });
export const sameBitsCases: readonly SameBitsCase[] = [
  { title: "batch 64, momentum", images: 256, options: { batchSize: 64, optimizer: momentum }, most: 4 },
  {
    title: "8 shards, Adam, dropout",
    images: 256,
    dropout: 0.25,
    options: { batchSize: 64, shards: 8, optimizer: adam({ learningRate: 0.01 }) },
    most: 8,
  },
  {
    title: "137 images in batches of 50 and 7 uneven shards, dropout, Nesterov, weight decay",
    images: 137,
    dropout: 0.5,
    options: {
      batchSize: 50,
      shards: 7,
      optimizer: sgd({ learningRate: 0.01, momentum: 0.8, nesterov: true, weightDecay: 0.01 }),
    },
    most: 7,
  },
  {
    title: "a last minibatch of 3 images in 8 shards, no momentum",
    images: 67,
    options: { batchSize: 64, shards: 8, optimizer: sgd({ learningRate: 0.05 }) },
    most: 8,
  },
];

/** As if the machine had a core for each worker: otherwise some would stand by. */
const onManyCores = createTrainer({ cores: Infinity });

/** What must be the same: neither the clock nor who did what. */
function withoutTime(result: EpochResult): EpochResult {
  return { ...result, imagesPerSecond: 0, seconds: 0, usage: [] };
}

/** Trains with one worker and with each of these numbers of them, and compares all that must be the same. */
export async function haveSameBits(
  t: ExecutionContext,
  { images, dropout, options, most }: SameBitsCase,
  numbersOfWorkers: readonly number[],
): Promise<void> {
  const data = bands(images);
  const test = bands(100);
  const one = smallNetwork(dropout);
  const before = one.weightsSha256();
  const expected = await fit(one, data, { ...options, test, epochs: 2, workers: 1 });
  t.not(expected.weightsSha256, before);
  t.is(one.weightsSha256(), expected.weightsSha256);
  for (const workers of numbersOfWorkers) {
    const model = smallNetwork(dropout);
    const result = await onManyCores(model, data, { ...options, test, epochs: 2, workers });
    t.is(result.workers, Math.min(workers, most));
    t.is(result.weightsSha256, expected.weightsSha256, `${workers} workers`);
    t.is(model.weightsSha256(), expected.weightsSha256);
    t.deepEqual(result.history.map(withoutTime), expected.history.map(withoutTime));
  }
}
