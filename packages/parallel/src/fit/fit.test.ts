import { once } from "node:events";
import type { Worker } from "node:worker_threads";
import { adam, weightsSha256 as hashOf } from "@convoy/core";
import test from "ava";
import { plainTraining, seedProgram } from "../../test/plain_training.ts";
import { bands, smallNetwork } from "../../test/small_network.ts";
import { createTrainer } from "./create_trainer.ts";
import type { FitEvent, ProgressEvent } from "./events.ts";
import { fit } from "./fit.ts";

const wrapper = import.meta.resolve("../../test/inject_faults.ts");

test.serial("a network learns, and the model has the weights of the result", async (t) => {
  const model = smallNetwork();
  const images = bands(200);
  const options = { epochs: 5, workers: 2, optimizer: adam({ learningRate: 0.01 }), test: images };
  const { history, weightsSha256, epochs, steps, aborted } = await fit(model, bands(640), options);
  t.like({ epochs, steps, aborted }, { epochs: 5, steps: 50, aborted: false });
  t.is(weightsSha256, model.weightsSha256());
  t.true(history[0].loss > history[4].loss);
  const { evaluation } = history[4];
  t.true(evaluation !== undefined && evaluation.testAccuracy > 0.95);
  const alone = await model.evaluate(images);
  t.is(evaluation?.correct, alone.correct);
  t.true(Math.abs((evaluation?.testLoss ?? 0) - alone.loss) < 1e-9);
  model.dispose();
});

test.serial("events come in order, with the fields that programs read", async (t) => {
  const events: FitEvent[] = [];
  await fit(smallNetwork(), bands(2080), {
    epochs: 2,
    batchSize: 8,
    workers: 1,
    seed: 3,
    test: bands(50),
    onEvent: (event) => events.push(event),
  });
  const told = events.filter(({ event }) => event !== "progress");
  t.deepEqual(
    told.map(({ event }) => event),
    ["start", "step", "step", "epoch", "evaluation", "step", "step", "epoch", "evaluation"],
  );
  t.like(told[0], { event: "start", parameters: 188, workers: 1, shards: 1, batchSize: 8, steps: 260, seed: 3 });
  t.deepEqual(Object.keys(told[1]), ["event", "epoch", "step", "loss"]);
  t.like(told[2], { epoch: 1, step: 200 });
  t.deepEqual(Object.keys(told[3]), ["event", "epoch", "loss", "trainAccuracy", "imagesPerSecond", "seconds", "usage"]);
  t.deepEqual(Object.keys(told[4]), ["event", "epoch", "testAccuracy", "testLoss", "correct", "total"]);
  t.like(told[6], { event: "step", epoch: 2, step: 200 });
  t.like(told[8], { event: "evaluation", epoch: 2, total: 50 });
});

test.serial("a step event is the mean of its hundred minibatches", async (t) => {
  const means: number[] = [];
  const { history } = await fit(smallNetwork(), bands(1600), {
    batchSize: 8,
    workers: 1,
    onEvent: (event) => event.event === "step" && means.push(event.loss),
  });
  t.is(means.length, 2);
  t.true(Math.abs((means[0] + means[1]) / 2 - history[0].loss) < 1e-9);
  t.true(means[0] > means[1]);
});

test.serial("progress is told while an epoch runs, at most ten times a second", async (t) => {
  const progress: ProgressEvent[] = [];
  const times: number[] = [];
  const slow = createTrainer({ replicaWrapper: { module: wrapper, data: { kind: "slow", worker: 0, step: -1 } } });
  await slow(smallNetwork(), bands(320), {
    batchSize: 16,
    workers: 1,
    onEvent(event) {
      if (event.event !== "progress") return;
      progress.push(event);
      times.push(performance.now());
    },
  });
  t.true(progress.length >= 2);
  t.true(progress.length <= Math.ceil((times[times.length - 1] - times[0]) / 100) + 2);
  for (const { epoch, step, steps, imagesPerSecond, loss, trainAccuracy } of progress) {
    t.like({ epoch, steps }, { epoch: 1, steps: 20 });
    t.true(step >= 1 && step <= 20 && imagesPerSecond > 0 && loss > 0 && trainAccuracy >= 0 && trainAccuracy <= 1);
  }
  t.true(progress[0].step < progress[1].step);
});

test.serial("an abort stops all workers after the same step, and fit resolves with whole weights", async (t) => {
  const controller = new AbortController();
  const model = smallNetwork();
  const data = bands(1280);
  const slow = createTrainer({ replicaWrapper: { module: wrapper, data: { kind: "slow", worker: 1, step: -1 } } });
  const result = await slow(model, data, {
    workers: 3,
    signal: controller.signal,
    onEvent: ({ event }) => event === "progress" && controller.abort(),
  });
  t.true(result.aborted);
  t.is(result.epochs, 0);
  t.true(result.steps >= 1 && result.steps < 20, `stopped after step ${result.steps}`);
  t.is(model.weightsSha256(), result.weightsSha256);
  // Those of so many steps exactly.
  const { weights } = await plainTraining(smallNetwork(), data, { ...seedProgram, steps: result.steps });
  t.is(result.weightsSha256, hashOf(weights));
});

test.serial("a signal that was aborted before changes nothing", async (t) => {
  const model = smallNetwork();
  const before = model.weightsSha256();
  const result = await fit(model, bands(64), { signal: AbortSignal.abort() });
  t.like(result, { aborted: true, epochs: 0, steps: 0, weightsSha256: before });
  t.is(model.weightsSha256(), before);
});

test.serial("training stops after the epoch whose accuracy reaches the target", async (t) => {
  const { epochs, history, aborted } = await fit(smallNetwork(), bands(640), {
    epochs: 50,
    workers: 2,
    optimizer: adam({ learningRate: 0.002 }),
    test: bands(100),
    targetAccuracy: 0.9,
  });
  t.true(epochs > 1 && epochs < 50);
  t.false(aborted);
  const accuracies = history.map(({ evaluation }) => evaluation?.testAccuracy ?? 0);
  t.true(accuracies[epochs - 1] >= 0.9);
  t.true(accuracies.slice(0, -1).every((accuracy) => accuracy < 0.9));
});

test.serial("what a listener throws stops the run and comes out of fit", async (t) => {
  const model = smallNetwork();
  let threads: readonly Worker[] = [];
  const trainer = createTrainer({ onThreads: (all) => (threads = all) });
  const exits = (): Promise<unknown> => Promise.all(threads.map((thread) => once(thread, "exit")));
  let gone: Promise<unknown> | undefined;
  const error = await t.throwsAsync(
    trainer(model, bands(640), {
      epochs: 3,
      workers: 2,
      onEvent({ event }) {
        gone ??= exits();
        if (event === "epoch") throw new Error("full disk");
      },
    }),
  );
  t.is(error.message, "full disk");
  await gone;
  t.is(threads.length, 2);
});

test.serial("more workers than shards are not started", async (t) => {
  let threads = 0;
  const trainer = createTrainer({ onThreads: (all) => (threads = all.length) });
  const start: FitEvent[] = [];
  const result = await trainer(smallNetwork(), bands(40), {
    batchSize: 20,
    workers: 5,
    onEvent: (event) => event.event === "start" && start.push(event),
  });
  t.like(result, { workers: 2, shards: 2 });
  t.is(threads, 2);
  t.like(start[0], { workers: 2, requestedWorkers: 5, shards: 2 });
});
