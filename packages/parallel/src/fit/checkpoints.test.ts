import { sgd, type Checkpoint } from "@convoy/core";
import test from "ava";
import { bands, smallNetwork } from "../../test/small_network.ts";
import { createTrainer } from "./create_trainer.ts";
import type { FitEvent } from "./events.ts";
import { fit } from "./fit.ts";

const wrapper = import.meta.resolve("../../test/inject_faults.ts");
const slow = createTrainer({ replicaWrapper: { module: wrapper, data: { kind: "slow", worker: 0, step: -1 } } });
const options = { epochs: 3, workers: 2, optimizer: sgd({ learningRate: 0.01, momentum: 0.9 }) };
/** 4 steps an epoch. */
const data = bands(200);

test.serial("a save that always fails is told each time, and changes no bit of the training", async (t) => {
  const expected = await fit(smallNetwork(), data, options);
  t.is(expected.checkpoints, undefined);
  const failures: FitEvent[] = [];
  const result = await fit(smallNetwork(), data, {
    ...options,
    checkpoint: { save: () => Promise.reject(new Error("full disk")) },
    onEvent: (event) => event.event === "checkpointFailed" && failures.push(event),
  });
  t.is(result.weightsSha256, expected.weightsSha256);
  t.is(result.checkpoints?.step, undefined);
  t.like(result.checkpoints?.failure, { step: 12, error: { message: "full disk" } });
  t.like(failures[0], { epoch: 1, step: 0, error: { message: "full disk" } });
  t.like(failures.at(-1), { epoch: 3, step: 4, error: { message: "full disk" } });
});

test.serial("a save that fails once is followed by others; the end is safe", async (t) => {
  let failed = false;
  const { checkpoints } = await fit(smallNetwork(), data, {
    ...options,
    checkpoint: {
      save({ step }) {
        if (step !== 4) return;
        failed = true;
        throw new Error("for a moment");
      },
    },
  });
  t.true(failed);
  t.like(checkpoints, { step: 12, failure: { step: 4 } });
});

test.serial("what a listener throws at a failed save comes out of fit", async (t) => {
  const run = fit(smallNetwork(), data, {
    ...options,
    epochs: 1,
    checkpoint: {
      save({ step }) {
        if (step === 4) throw new Error("full disk");
      },
    },
    onEvent({ event }) {
      if (event === "checkpointFailed") throw new Error("enough");
    },
  });
  await t.throwsAsync(run, { message: "enough" });
});

function spoil({ weights, optimizerState }: Checkpoint): void {
  for (const flat of [weights, ...optimizerState]) flat.fill(Number.NaN);
}

test.serial("a checkpoint is a copy: whoever gets it may do with it what they like", async (t) => {
  const expected = await fit(smallNetwork(), data, options);
  const result = await fit(smallNetwork(), data, { ...options, checkpoint: { everySteps: 1, save: spoil } });
  t.is(result.weightsSha256, expected.weightsSha256);
});

test.serial("every so many epochs, and at the end", async (t) => {
  const steps: number[] = [];
  const save = ({ step }: Checkpoint): void => void steps.push(step);
  await fit(smallNetwork(), data, { ...options, checkpoint: { everyEpochs: 2, save } });
  t.deepEqual(steps, [0, 8, 12]);
});

test.serial("every so many seconds, within an epoch too", async (t) => {
  const steps: number[] = [];
  const save = ({ step }: Checkpoint): void => void steps.push(step);
  // 30 steps of at least 20 ms.
  await slow(smallNetwork(), bands(480), { workers: 1, batchSize: 16, checkpoint: { everySeconds: 0.15, save } });
  t.log(steps.join(", "));
  t.is(steps[0], 0);
  t.is(steps.at(-1), 30);
  t.true(steps.length > 2);
  t.true(steps.slice(1, -1).every((step) => step > 0 && step < 30));
});

test.serial("whenever someone asks, once for each time, and training goes on", async (t) => {
  const steps: number[] = [];
  let asked: number[] = [];
  let isWanted = false;
  await slow(smallNetwork(), bands(480), {
    workers: 1,
    batchSize: 16,
    checkpoint: {
      save: ({ step }) => void steps.push(step),
      wanted: () => isWanted && !(isWanted = false),
    },
    onEvent(event) {
      if (event.event !== "progress" || asked.length === 2 || event.step < 5 + 10 * asked.length) return;
      asked = [...asked, event.step];
      isWanted = true;
    },
  });
  t.log(steps.join(", "));
  t.is(steps.length, 4);
  for (const [i, step] of asked.entries()) t.true(steps[i + 1] >= step && steps[i + 1] < (asked[i + 1] ?? 30));
  t.is(steps.at(-1), 30);
});

test.serial("training goes on while a checkpoint is being saved", async (t) => {
  let release: (() => void) | undefined;
  const during: number[] = [];
  let saving = 0;
  await slow(smallNetwork(), bands(480), {
    workers: 1,
    batchSize: 16,
    checkpoint: {
      async save({ step }) {
        t.is(++saving, 1, "never twice at the same time");
        if (step === 0) await new Promise<void>((resolve) => (release = resolve));
        saving--;
      },
    },
    onEvent(event) {
      if (event.event !== "progress") return;
      during.push(event.step);
      if (event.step > 10) release?.();
    },
  });
  t.true(during.some((step) => step > 10));
});
