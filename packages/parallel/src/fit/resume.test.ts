import { adam, sgd, weightsSha256, type Checkpoint, type ImageData } from "@convoy/core";
import * as tfl from "@tensorflow/tfjs-layers";
import { setBackend } from "@tensorflow/tfjs-core";
import test from "ava";
import "@tensorflow/tfjs-backend-wasm";
import { checkpointAt } from "../../test/checkpoint_at.ts";
import { plainTraining } from "../../test/plain_training.ts";
import { bands, smallNetwork } from "../../test/small_network.ts";
import { createTrainer } from "./create_trainer.ts";
import type { FitEvent } from "./events.ts";
import { fit } from "./fit.ts";
import type { FitOptions } from "./options.ts";
import type { EpochResult } from "./result.ts";

const wrapper = import.meta.resolve("../../test/inject_faults.ts");
const momentum = sgd({ learningRate: 0.01, momentum: 0.9 });

/** What must be the same. */
const withoutTime = (result: EpochResult): EpochResult => ({ ...result, imagesPerSecond: 0, seconds: 0 });

interface Case {
  readonly title: string;
  readonly model: () => Parameters<typeof fit>[0];
  readonly data: ImageData;
  readonly options: FitOptions;
  /** Optimizer steps after which the run ends and another one goes on. */
  readonly stops: readonly number[];
}

function tfjsModel(): tfl.LayersModel {
  const kernelInitializer = tfl.initializers.glorotUniform({ seed: 1 });
  return tfl.sequential({
    layers: [tfl.layers.flatten({ inputShape: [8, 8, 1] }), tfl.layers.dense({ units: 4, kernelInitializer })],
  });
}

const cases: readonly Case[] = [
  {
    title: "SGD with momentum, dropout, 3 steps an epoch of which the last is short",
    model: () => smallNetwork(0.3),
    data: bands(137),
    options: { batchSize: 50, epochs: 3, seed: 5, optimizer: momentum },
    stops: [0, 1, 3, 5, 8],
  },
  {
    title: "Adam, dropout, 8 shards, with an evaluation and 85 images to validate on",
    model: () => smallNetwork(0.25),
    data: bands(341),
    options: {
      shards: 8,
      epochs: 3,
      optimizer: adam({ learningRate: 0.01 }),
      validation: bands(40),
      validationSplit: 0.25,
    },
    stops: [4, 7, 12],
  },
  {
    title: "the tape replica of a Sequential",
    model: () => smallNetwork(0.25),
    data: bands(137),
    options: { batchSize: 50, epochs: 2, optimizer: adam({ learningRate: 0.01 }), replica: "tape" },
    stops: [2, 3, 4],
  },
  {
    title: "a tfjs-layers model, made anew, whose layers have other names by then",
    model: tfjsModel,
    data: bands(137),
    options: { batchSize: 50, epochs: 2, optimizer: momentum },
    stops: [4],
  },
];

test.before(async () => {
  await setBackend("wasm");
});

for (const { title, model, data, options, stops } of cases) {
  test.serial(`a resumed run has the bits of one that was never stopped: ${title}`, async (t) => {
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
  });
}

test.serial("a checkpoint within an epoch is what a plain loop computes, and says where it stands", async (t) => {
  const data = bands(137);
  const options = { batchSize: 50, shards: 4, seed: 5, epochs: 2, optimizer: momentum } as const;
  const found = await checkpointAt(5, smallNetwork(0.3), data, { ...options, workers: 2 });
  const plain = await plainTraining(smallNetwork(0.3), data, {
    batchSize: 50,
    shards: 4,
    seed: 5,
    learningRate: 0.01,
    momentum: 0.9,
    steps: 5,
  });
  t.is(weightsSha256(found.weights), weightsSha256(plain.weights));
  t.like(found, { step: 5, epoch: 1, samplerPosition: 100, seed: 5, optimizer: momentum });
  const [, , , a, b] = plain.losses;
  t.is(found.metrics.loss, a * 50 + b * 50);
  t.is(found.metrics.recentLoss, a + b);
  t.like(found.settings, { replica: "planned", kernels: "narrow", batchSize: 50, shards: 4, images: 137 });
  t.deepEqual(found.model, smallNetwork(0.3).toJSON());
});

test.serial(
  "a run that is stopped again and again, with other workers each time, ends with the same bits",
  async (t) => {
    const options = { epochs: 2, batchSize: 64, optimizer: adam({ learningRate: 0.01 }) };
    const data = bands(600);
    const expected = await fit(smallNetwork(0.2), data, options);
    const slow = createTrainer({ replicaWrapper: { module: wrapper, data: { kind: "slow", worker: 0, step: -1 } } });
    const stops: number[] = [];
    let resumeFrom: Checkpoint | undefined;
    let hash = "";
    for (let aborted = true; aborted;) {
      const controller = new AbortController();
      // oxlint-disable-next-line no-await-in-loop
      const result = await slow(smallNetwork(0.2), data, {
        ...options,
        workers: 1 + (stops.length % 3),
        signal: controller.signal,
        ...(resumeFrom === undefined ? {} : { resumeFrom }),
        checkpoint: { save: (checkpoint) => void (resumeFrom = checkpoint) },
        onEvent: ({ event }) => event === "progress" && controller.abort(),
      });
      t.is(result.checkpoints?.step, result.steps);
      t.is(resumeFrom?.step, result.steps);
      t.is(weightsSha256(resumeFrom?.weights ?? new Float32Array(0)), result.weightsSha256);
      stops.push(result.steps);
      ({ aborted, weightsSha256: hash } = result);
    }
    t.log(`stopped after steps ${stops.join(", ")}`);
    t.true(stops.length > 2);
    t.is(hash, expected.weightsSha256);
  },
);

async function told(options: FitOptions): Promise<object[]> {
  const events: object[] = [];
  const onEvent = (event: FitEvent): void => {
    if (event.event === "start" || event.event === "progress") return;
    events.push(event.event === "epoch" ? { ...event, ...withoutTime(event) } : event);
  };
  await fit(smallNetwork(), bands(2080), { ...options, batchSize: 8, epochs: 2, onEvent });
  return events;
}

test.serial("a resumed run tells the rest of the events: each step once, each mean of a hundred exact", async (t) => {
  const all = await told({ validation: bands(50) });
  t.deepEqual(
    all.map((event) => "event" in event && event.event),
    ["step", "step", "epoch", "evaluation", "step", "step", "epoch", "evaluation"],
  );
  for (const [stop, rest] of [
    [150, 1],
    [260, 2],
    [410, 5],
  ] as const) {
    // oxlint-disable no-await-in-loop
    const validation = bands(50);
    const resumeFrom = await checkpointAt(stop, smallNetwork(), bands(2080), { batchSize: 8, epochs: 2, validation });
    t.deepEqual(await told({ resumeFrom, validation }), all.slice(rest), `after step ${stop}`);
    // oxlint-enable no-await-in-loop
  }
});

for (const validation of [undefined, bands(40)]) {
  const title = validation === undefined ? "" : " and an evaluation";
  test.serial(`a finished run goes on with more epochs, as if it had been given them at once${title}`, async (t) => {
    const options = { optimizer: momentum, workers: 2, ...(validation === undefined ? {} : { validation }) };
    const saved: Checkpoint[] = [];
    const checkpoint = { save: (each: Checkpoint): void => void saved.push(each) };
    await fit(smallNetwork(), bands(200), { ...options, epochs: 2, checkpoint });
    t.deepEqual(
      saved.map(({ step }) => step),
      [0, 4, 8],
    );
    t.like(saved[2], validation === undefined ? { epoch: 2, samplerPosition: 0 } : { epoch: 1, samplerPosition: 200 });
    const expected = await fit(smallNetwork(), bands(200), { ...options, epochs: 4 });
    const longer = await fit(smallNetwork(), bands(200), { ...options, epochs: 4, resumeFrom: saved[2] });
    t.is(longer.weightsSha256, expected.weightsSha256);
    t.deepEqual(longer.history.map(withoutTime).slice(-2), expected.history.map(withoutTime).slice(-2));
    const same = await fit(smallNetwork(), bands(200), { ...options, epochs: 2, resumeFrom: saved[2] });
    t.is(same.weightsSha256, weightsSha256(saved[2].weights));
    t.like(same, { epochs: 2, steps: 8, aborted: false });
  });
}

test.serial("a run that a fault ended goes on from the last whole step", async (t) => {
  const options = { optimizer: momentum, workers: 3, epochs: 2, seed: 3 };
  const data = bands(640);
  const saved: Checkpoint[] = [];
  const checkpoint = { everyEpochs: 5, save: (each: Checkpoint): void => void saved.push(each) };
  const failing = createTrainer({ replicaWrapper: { module: wrapper, data: { kind: "nan", worker: 1, step: 13 } } });
  await t.throwsAsync(failing(smallNetwork(), data, { ...options, checkpoint }), { code: "NONFINITE_LOSS" });
  t.deepEqual(
    saved.map(({ step }) => step),
    [0, 13],
  );
  const expected = await fit(smallNetwork(), data, options);
  const { weightsSha256: hash } = await fit(smallNetwork(), data, { ...options, resumeFrom: saved[1] });
  t.is(hash, expected.weightsSha256);
});
