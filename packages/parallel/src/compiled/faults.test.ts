import type { Worker } from "node:worker_threads";
import test, { type ExecutionContext } from "ava";
import * as tfl from "@tensorflow/tfjs-layers";
import type { CompiledFault } from "../../test/inject_compiled_faults.ts";
import { perceptron, rows, weightsOf } from "../../test/compiled_models.ts";
import { Silent } from "../../test/models/silent.ts";
import { tensorflow } from "../../test/tensorflow.ts";
import { hangLimit } from "../../test/trainer_with_fault.ts";
import { ParallelError } from "../errors.ts";
import { createTrainer } from "../fit/create_trainer.ts";
import { fit } from "../fit/fit.ts";
import type { LayersFitEvent } from "./events.ts";
import type { LayersFitOptions } from "./options.ts";

const tf = await tensorflow();
const module = import.meta.resolve("../../test/inject_compiled_faults.ts");

/** 10 steps an epoch, of 2 shards. */
const data = rows(160);
const options = { epochs: 3, batchSize: 16, shards: 2, workers: 2, shuffle: false, maxRestarts: 0 };

function model(optimizer: tfl.ModelCompileArgs["optimizer"] = "adam"): tfl.LayersModel {
  const made = perceptron();
  made.compile({ optimizer, loss: "categoricalCrossentropy", metrics: ["accuracy"] });
  return made;
}

async function failure(
  t: ExecutionContext,
  fault: CompiledFault,
  more: LayersFitOptions = {},
): Promise<{ error: ParallelError; events: LayersFitEvent[]; weights: number[]; trained: tfl.LayersModel }> {
  let threads: readonly Worker[] = [];
  const trainer = createTrainer({
    replicaWrapper: { module, data: fault },
    onThreads: (all) => (threads = [...all]),
    ...hangLimit(fault.kind),
  });
  const trained = model();
  const events: LayersFitEvent[] = [];
  const onEvent = (event: LayersFitEvent): void => void events.push(event);
  const error = await t.throwsAsync(trainer(trained, data, { ...options, ...more, onEvent }), {
    instanceOf: ParallelError,
  });
  // -1 is what Node gives to a thread that has ended.
  t.deepEqual(
    threads.map(({ threadId }) => threadId),
    [-1, -1],
  );
  return { error, events, weights: weightsOf(trained), trained };
}

/** Adam goes on from fit to fit, so that the weights after any number of steps can be had; one worker has the same bits. */
async function weightsAfter(steps: number): Promise<number[]> {
  const trained = model();
  const alone = { ...options, workers: 1 };
  if (steps >= 10) await fit(trained, data, { ...alone, epochs: Math.floor(steps / 10) });
  const rest = steps % 10;
  if (rest > 0) {
    const { x, y } = data;
    const part = {
      x: { values: x.values.slice(0, rest * 16 * 6), shape: [rest * 16, 6] },
      y: { values: y.values.slice(0, rest * 16 * 3), shape: [rest * 16, 3] },
    };
    await fit(trained, part, { ...alone, epochs: 1 });
  }
  return weightsOf(trained);
}

function near(t: ExecutionContext, actual: readonly number[], expected: readonly number[]): void {
  t.true(Math.max(...actual.map((value, i) => Math.abs(value - expected[i]))) < 1e-6);
}

test.serial("a worker that throws ends the run, and the model has the weights of the last whole step", async (t) => {
  const { error, events, weights } = await failure(t, { kind: "throw", worker: 1, step: 13 });
  t.like(error, { code: "WORKER_FAILED", worker: 1, epoch: 2, step: 4 });
  t.regex(error.message, /injected/);
  t.like(events.at(-1), { event: "fault", code: "WORKER_FAILED", worker: 1 });
  near(t, weights, await weightsAfter(13));
});

test.serial("a worker that calls process.exit ends the run", async (t) => {
  const { error, weights } = await failure(t, { kind: "exit", worker: 0, step: 5 });
  t.like(error, { code: "WORKER_EXITED", worker: 0, epoch: 1, step: 6 });
  near(t, weights, await weightsAfter(5));
});

test.serial("a worker that hangs ends the run", async (t) => {
  const { error, weights } = await failure(t, { kind: "stall", worker: 1, step: 12 });
  t.like(error, { code: "WORKER_HUNG", worker: 1, epoch: 2, step: 3 });
  near(t, weights, await weightsAfter(12));
});

test.serial("a gradient that is not finite stops the run, and says whose it was", async (t) => {
  const { error, weights } = await failure(t, { kind: "infiniteGradient", worker: 1, step: 17 });
  t.like(error, { code: "NONFINITE_LOSS", worker: 1, epoch: 2, step: 8 });
  near(t, weights, await weightsAfter(17));
});

test.serial("weights that overflow stop the run, and the finite ones before them are kept", async (t) => {
  const trained = model(tf.train.sgd(3e38));
  const before = weightsOf(trained);
  const y = { values: Float32Array.from(data.y.values, (value) => value * 1e4), shape: data.y.shape };
  const error = await t.throwsAsync(fit(trained, { x: data.x, y }, options), { instanceOf: ParallelError });
  t.like(error, { code: "NONFINITE_LOSS", worker: undefined, epoch: 1, step: 1 });
  t.deepEqual(weightsOf(trained), before);
});

test.serial("a worker that throws in a validation ends the run with weights and optimizer of the epoch", async (t) => {
  const fault: CompiledFault = { kind: "throw", place: "evaluate", worker: 1, step: 0 };
  const { error, weights, trained } = await failure(t, fault, { validationData: rows(40) });
  t.like(error, { code: "WORKER_FAILED", worker: 1, epoch: 1 });
  near(t, weights, await weightsAfter(10));
  await fit(trained, data, { ...options, epochs: 1 });
  near(t, weightsOf(trained), await weightsAfter(20));
});

test.serial("what an optimizer does not tell cannot be gone on from: a fault ends the run at once", async (t) => {
  const fault: CompiledFault = { kind: "throw", worker: 1, step: 3 };
  const trainer = createTrainer({ replicaWrapper: { module, data: fault } });
  const modelModule = new URL("../../test/models/silent.ts", import.meta.url);
  const failing = trainer(model(new Silent(0.1)), data, { ...options, maxRestarts: 3, modelModule });
  await t.throwsAsync(failing, {
    code: "WORKER_FAILED",
    message: /injected.*\. The model has the weights of the last whole step/,
  });
});

test.serial("the signal stops all workers after the same step, and fit resolves", async (t) => {
  const slow: CompiledFault = { kind: "slow", worker: 1, step: -1 };
  const trainer = createTrainer({ replicaWrapper: { module, data: slow } });
  const trained = model();
  const controller = new AbortController();
  const onEvent = ({ event }: LayersFitEvent): void => {
    if (event === "progress") controller.abort();
  };
  const result = await trainer(trained, data, { ...options, epochs: 40, onEvent, signal: controller.signal });
  t.true(result.aborted);
  t.true(result.steps > 0 && result.steps < 400, String(result.steps));
  t.is(result.history["loss"].length, result.epochs);
  near(t, weightsOf(trained), await weightsAfter(result.steps));
});

test.serial("a signal that was given before stops before any training", async (t) => {
  const trained = model();
  const before = weightsOf(trained);
  const result = await fit(trained, data, { ...options, signal: AbortSignal.abort() });
  t.like(result, { aborted: true, epochs: 0, steps: 0 });
  t.deepEqual(weightsOf(trained), before);
});

test.serial("what an event handler throws stops the run and rejects fit", async (t) => {
  const failing = fit(model(), data, {
    ...options,
    onEvent({ event }) {
      if (event === "epoch") throw new Error("mine");
    },
  });
  await t.throwsAsync(failing, { message: "mine" });
});

test.serial("a worker for whom there is no work is told of, with what would give it some", async (t) => {
  const events: LayersFitEvent[] = [];
  const onEvent = (event: LayersFitEvent): void => void events.push(event);
  const { shards, workers, idleWorkers } = await fit(model(), data, { workers: 2, onEvent });
  t.deepEqual([shards, workers, idleWorkers], [1, 1, 1]);
  t.like(events[1], { event: "idle", workers: 1, requestedWorkers: 2, shards: 1 });
  const asked = await fit(model(), data, { workers: 3, shards: 2, onEvent });
  t.is(asked.idleWorkers, 1);
  const [first, second] = events.flatMap((each) => (each.event === "idle" ? each.message : []));
  t.regex(
    first,
    /^1 of 2 workers trains: .* 32 of this model .* would cost more than threads gain\. A larger batchSize/,
  );
  t.regex(second, /^2 of 3 workers train: a worker needs a shard/);
});

test.serial("events come in order, with loss and metrics by their names", async (t) => {
  const events: LayersFitEvent[] = [];
  const result = await fit(model(), rows(250), {
    epochs: 2,
    batchSize: 2,
    workers: 1,
    validationData: rows(30),
    onEvent: (event) => events.push(event),
  });
  const told = events.filter(({ event }) => event !== "progress");
  t.deepEqual(
    told.map(({ event }) => event),
    ["start", "step", "epoch", "step", "epoch"],
  );
  t.like(told[0], { parameters: 83, workers: 1, shards: 1, batchSize: 2, steps: 125, samples: 250, optimizer: "Adam" });
  t.deepEqual(Object.keys(told[4]), ["event", "epoch", "logs", "samplesPerSecond", "seconds"]);
  const { history } = result;
  t.like(told[4], {
    epoch: 2,
    logs: {
      loss: history["loss"][1],
      acc: history["acc"][1],
      val_loss: history["val_loss"][1],
      val_acc: history["val_acc"][1],
    },
  });
});
