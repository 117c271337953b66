import { adam, sgd, weightsSha256, type Checkpoint } from "@convoy/core";
import { setBackend } from "@tensorflow/tfjs-core";
import test from "ava";
import "@tensorflow/tfjs-backend-wasm";
import { checkpointAt } from "../../test/checkpoint_at.ts";
import { plainTraining } from "../../test/plain_training.ts";
import { resumeCases, resumesToSameBits, withoutTime } from "../../test/resumed_training.ts";
import { bands, smallNetwork } from "../../test/small_network.ts";
import { createTrainer } from "./create_trainer.ts";
import type { FitEvent } from "./events.ts";
import { fit } from "./fit.ts";
import type { FitOptions } from "./options.ts";

const wrapper = import.meta.resolve("../../test/inject_faults.ts");
const momentum = sgd({ learningRate: 0.01, momentum: 0.9 });

test.before(async () => {
  await setBackend("wasm");
});

for (const each of resumeCases) {
  test.serial(`a resumed run has the bits of one that was never stopped: ${each.title}`, async (t) => {
    await resumesToSameBits(t, each, each.quickly);
  });
}

for (const step of [2 ** 31 - 2, 2 ** 32 - 2]) {
  test.serial(`from step ${step} a run goes on as from any other: faults, copies and evaluations too`, async (t) => {
    const data = bands(640);
    const options = { epochs: 2, optimizer: momentum, validation: bands(40) } as const;
    const early = await checkpointAt(4, smallNetwork(), data, options);
    // Neither order nor momentum depends on the number of the step.
    const expected = await fit(smallNetwork(), data, { ...options, resumeFrom: early });
    const shared = new Int32Array(new SharedArrayBuffer(8));
    const fault = { kind: "throw", worker: 1, step: step + 5, times: 1, shared };
    const saved: number[] = [];
    const faults: FitEvent[] = [];
    const result = await createTrainer({ replicaWrapper: { module: wrapper, data: fault } })(smallNetwork(), data, {
      ...options,
      workers: 2,
      resumeFrom: { ...early, step },
      checkpoint: { everySteps: 1, save: (checkpoint) => void saved.push(checkpoint.step) },
      onEvent: (event) => event.event === "fault" && faults.push(event),
    });
    t.is(result.weightsSha256, expected.weightsSha256);
    t.deepEqual(result.history.map(withoutTime), expected.history.map(withoutTime));
    t.is(result.steps, step + 16);
    t.like(faults[0], { epoch: 1, step: 10, restart: 1 });
    t.is(saved.at(-1), step + 16);
    t.deepEqual(
      saved,
      [...new Set(saved)].toSorted((a, b) => a - b),
    );
    t.true(saved.every((each) => each > step));
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
  // Beside what the network was, the checkpoint knows what it took from its data.
  const { inputShape, layers, seed } = smallNetwork(0.3).toJSON();
  const normalization = { mean: 0.5, deviation: 0.5 };
  t.deepEqual(found.model, { inputShape, layers, seed, normalization, pictureFit: { fit: "cover" } });
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
  const all = await told({ test: bands(50) });
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
    const images = bands(50);
    const resumeFrom = await checkpointAt(stop, smallNetwork(), bands(2080), { batchSize: 8, epochs: 2, test: images });
    t.deepEqual(await told({ resumeFrom, test: images }), all.slice(rest), `after step ${stop}`);
    // oxlint-enable no-await-in-loop
  }
});

for (const images of [undefined, bands(40)]) {
  const title = images === undefined ? "" : " and an evaluation";
  test.serial(`a finished run goes on with more epochs, as if it had been given them at once${title}`, async (t) => {
    const options = { optimizer: momentum, workers: 2, ...(images === undefined ? {} : { test: images }) };
    const saved: Checkpoint[] = [];
    const checkpoint = { save: (each: Checkpoint): void => void saved.push(each) };
    await fit(smallNetwork(), bands(200), { ...options, epochs: 2, checkpoint });
    t.deepEqual(
      saved.map(({ step }) => step),
      [0, 4, 8],
    );
    t.like(saved[2], images === undefined ? { epoch: 2, samplerPosition: 0 } : { epoch: 1, samplerPosition: 200 });
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
  const failing = createTrainer({
    replicaWrapper: { module: wrapper, data: { kind: "nan", worker: 1, step: 13 } },
    cores: Infinity,
  });
  await t.throwsAsync(failing(smallNetwork(), data, { ...options, checkpoint }), { code: "NONFINITE_LOSS" });
  t.deepEqual(
    saved.map(({ step }) => step),
    [0, 13],
  );
  const expected = await fit(smallNetwork(), data, options);
  const { weightsSha256: hash } = await fit(smallNetwork(), data, { ...options, resumeFrom: saved[1] });
  t.is(hash, expected.weightsSha256);
});
