import { adam, sgd, weightsSha256 } from "@convoy/core";
import test from "ava";
import { plainTraining } from "../../test/plain_training.ts";
import { bands, smallNetwork } from "../../test/small_network.ts";
import type { FitEvent } from "./events.ts";
import { fit } from "./fit.ts";
import type { FitOptions } from "./options.ts";
import type { EpochResult } from "./result.ts";

interface Case {
  readonly title: string;
  readonly images: number;
  readonly dropout?: number;
  readonly options: FitOptions;
  /** Threads that really train when 8 are asked for. */
  readonly most: number;
}

const momentum = sgd({ learningRate: 0.01, momentum: 0.9 });
const cases: readonly Case[] = [
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

for (const { title, images, dropout, options, most } of cases) {
  test.serial(`1, 2, 3, 4 and 8 workers give the same bits: ${title}`, async (t) => {
    const data = bands(images);
    const validation = bands(100);
    const one = smallNetwork(dropout);
    const before = one.weightsSha256();
    const expected = await fit(one, data, { ...options, validation, epochs: 2, workers: 1 });
    t.not(expected.weightsSha256, before);
    t.is(one.weightsSha256(), expected.weightsSha256);
    for (const workers of [2, 3, 4, 8]) {
      const model = smallNetwork(dropout);
      const result = await fit(model, data, { ...options, validation, epochs: 2, workers });
      t.is(result.workers, Math.min(workers, most));
      t.is(result.weightsSha256, expected.weightsSha256, `${workers} workers`);
      t.is(model.weightsSha256(), expected.weightsSha256);
      t.deepEqual(result.history.map(withoutTime), expected.history.map(withoutTime));
    }
  });
}

function withoutTime(result: EpochResult): EpochResult {
  return { ...result, imagesPerSecond: 0, seconds: 0 };
}

test.serial("wide kernels give the same bits for 1, 2 and 4 workers, and say that they run", async (t) => {
  const kernelsOf: unknown[] = [];
  const onEvent = (event: FitEvent): void => {
    if (event.event === "start") kernelsOf.push(event.kernels);
  };
  const hashes = new Set<string>();
  for (const workers of [1, 2, 4]) {
    const options = {
      batchSize: 50,
      shards: 7,
      seed: 3,
      epochs: 2,
      optimizer: momentum,
      kernels: "wide",
      onEvent,
    } as const;
    hashes.add((await fit(smallNetwork(0.25), bands(137), { ...options, workers })).weightsSha256);
  }
  t.is(hashes.size, 1);
  await fit(smallNetwork(), bands(8), { onEvent });
  t.deepEqual(kernelsOf, ["wide", "wide", "wide", "narrow"]);
});

test.serial("another seed and another number of shards give other bits", async (t) => {
  const hashes = new Set<string>();
  for (const options of [{}, { seed: 2 }, { shards: 3 }]) {
    const { weightsSha256: hash } = await fit(smallNetwork(), bands(128), { ...options, workers: 2 });
    hashes.add(hash);
  }
  t.is(hashes.size, 3);
});

test.serial("fit computes what a plain loop in one thread computes, bit for bit", async (t) => {
  const data = bands(137);
  const options = { batchSize: 50, shards: 4, seed: 5 };
  const plain = await plainTraining(smallNetwork(0.3), data, {
    ...options,
    learningRate: 0.01,
    momentum: 0.9,
    steps: 6,
  });
  const model = smallNetwork(0.3);
  const result = await fit(model, data, { ...options, optimizer: momentum, epochs: 2, workers: 3 });
  t.is(result.weightsSha256, weightsSha256(plain.weights));
  const [a, b, c] = plain.losses;
  t.is(result.history[0].loss, (a * 50 + b * 50 + c * 37) / 137);
});
