import process from "node:process";
import { sgd, weightsSha256 } from "@convoy/core";
import test from "ava";
import { plainTraining } from "../../test/plain_training.ts";
import { besideNeighbours } from "../../test/neighbours.ts";
import { haveSameBits, sameBitsCases } from "../../test/same_bits.ts";
import { bands, smallNetwork } from "../../test/small_network.ts";
import type { FitEvent } from "./events.ts";
import { fit } from "./fit.ts";

const momentum = sgd({ learningRate: 0.01, momentum: 0.9 });

/** Of each case in turn; the long test has all of them. */
const quickly = [[4], [8], [3], [2]];
for (const [i, each] of sameBitsCases.entries()) {
  test.serial(`${[1, ...quickly[i]].join(", ")} workers give the same bits: ${each.title}`, async (t) => {
    await haveSameBits(t, each, quickly[i]);
  });
}

test.serial("2 and 4 workers give the same bits beside programs that take their cores away", async (t) => {
  await besideNeighbours(async () => haveSameBits(t, sameBitsCases[0], [2, 4]));
});

test.serial("wide kernels give the same bits for 1 and 3 workers, and say that they run", async (t) => {
  const kernelsOf: unknown[] = [];
  const onEvent = (event: FitEvent): void => {
    if (event.event === "start") kernelsOf.push(event.kernels);
  };
  const hashes = new Set<string>();
  for (const workers of [1, 3]) {
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
  t.deepEqual(kernelsOf, ["wide", "wide", "narrow"]);
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

test.serial(
  "a minibatch of more than 64 images, computed in parts, has the bits of one computed at once",
  async (t) => {
    const data = bands(260);
    const options = { batchSize: 200, shards: 13, seed: 5 };
    const atOnce = { ...options, learningRate: 0.01, momentum: 0.9, steps: 4 };
    const plain = await plainTraining(smallNetwork(), data, atOnce);
    for (const workers of [1, 2]) {
      const result = await fit(smallNetwork(), data, { ...options, optimizer: momentum, epochs: 2, workers });
      t.is(result.weightsSha256, weightsSha256(plain.weights));
    }
  },
);

const pinned = "592c69684bd8947a05a3136fed79d22856776cb9243195a411d5b4eb0334b190";

// Fused multiply-adds are this processor's business, and their bits too.
(process.arch === "x64" ? test.serial : test.serial.skip)(
  "a training has the bits that it always had: who changes them on purpose raises `order` of the engine's identity",
  async (t) => {
    const options = { batchSize: 50, shards: 7, seed: 3, epochs: 2, optimizer: momentum, workers: 2 };
    const { weightsSha256: hash } = await fit(smallNetwork(0.25), bands(137), options);
    t.is(hash, pinned);
  },
);
