import { execFile } from "node:child_process";
import { once } from "node:events";
import { promisify } from "node:util";
import type { Worker } from "node:worker_threads";
import { sgd, weightsSha256 } from "@convoy/core";
import test, { type ExecutionContext } from "ava";
import type { Fault } from "../../test/inject_faults.ts";
import { plainTraining, seedProgram } from "../../test/plain_training.ts";
import { bands, smallNetwork } from "../../test/small_network.ts";
import { fullMemory } from "../../test/trainer_with_fault.ts";
import { ParallelError } from "../errors.ts";
import { createTrainer } from "./create_trainer.ts";
import type { FitEvent } from "./events.ts";
import type { FitOptions } from "./options.ts";
import type { TrainerSettings } from "./workers.ts";

const module = import.meta.resolve("../../test/inject_faults.ts");

/** 10 steps an epoch. */
const data = bands(640);

interface Failure {
  readonly error: ParallelError;
  readonly events: readonly FitEvent[];
  /** From the end of the last whole epoch to the rejection. */
  readonly seconds: number;
  /** Fingerprint of what the model was left with. */
  readonly weights: string;
}

/** Trains with a fault and without a second try, and checks what holds after every fault: a coded error in time, and no thread left. */
async function failure(
  t: ExecutionContext,
  fault: Fault,
  options: FitOptions = {},
  settings: TrainerSettings = {},
): Promise<Failure> {
  const threads: Worker[] = [];
  const exits: Promise<unknown>[] = [];
  const trainer = createTrainer({
    replicaWrapper: { module, data: fault },
    cores: Infinity,
    ...settings,
    onThreads(all) {
      threads.push(...all);
      exits.push(...all.map((thread) => once(thread, "exit").catch(() => {})));
    },
  });
  const model = smallNetwork();
  const events: FitEvent[] = [];
  let epochEnded = performance.now();
  const error = await t.throwsAsync(
    trainer(model, data, {
      epochs: 3,
      workers: 3,
      maxRestarts: 0,
      ...options,
      onEvent(event) {
        events.push(event);
        if (event.event === "epoch") epochEnded = performance.now();
      },
    }),
    { instanceOf: ParallelError },
  );
  const seconds = (performance.now() - epochEnded) / 1000;
  await Promise.all(exits);
  t.is(threads.length, 3);
  // -1 is what Node gives to a thread that has ended.
  t.deepEqual(
    threads.map(({ threadId }) => threadId),
    [-1, -1, -1],
  );
  return { error, events, seconds, weights: model.weightsSha256() };
}

async function weightsAfter(steps: number): Promise<string> {
  const { weights } = await plainTraining(smallNetwork(), data, { ...seedProgram, steps });
  return weightsSha256(weights);
}

test.serial(
  "a worker that throws ends the run, naming worker, epoch, step and cause; the whole steps are kept",
  async (t) => {
    const { error, events, weights } = await failure(t, { kind: "throw", worker: 1, step: 13 });
    t.like(error, { code: "WORKER_FAILED", worker: 1, epoch: 2, step: 4 });
    t.regex(error.message, /worker 1 failed at epoch 2, step 4: injected/);
    t.true(error.cause instanceof Error && error.cause.message === "injected");
    t.like(events.at(-1), { event: "fault", code: "WORKER_FAILED", worker: 1, epoch: 2, step: 4 });
    t.is(weights, await weightsAfter(13));
  },
);

test.serial("a worker that calls process.exit ends the run", async (t) => {
  const { error, weights } = await failure(t, { kind: "exit", worker: 2, step: 5 });
  t.like(error, { code: "WORKER_EXITED", worker: 2, epoch: 1, step: 6 });
  t.regex(error.message, /exit code 3/);
  t.is(weights, await weightsAfter(5));
});

test.serial("a worker that runs out of memory ends the run", async (t) => {
  const fault: Fault = { kind: "allocate", worker: 0, step: 3 };
  const { error, weights } = await failure(t, fault, {}, fullMemory(128));
  t.like(error, { code: "WORKER_OUT_OF_MEMORY", worker: 0, epoch: 1, step: 4 });
  t.like(error.cause, { code: "ERR_WORKER_OUT_OF_MEMORY" });
  t.is(weights, await weightsAfter(3));
});

test.serial("a worker that hangs ends the run within ten seconds", async (t) => {
  const { error, seconds, events, weights } = await failure(t, { kind: "stall", worker: 1, step: 12 });
  t.like(error, { code: "WORKER_HUNG", worker: 1, epoch: 2, step: 3 });
  t.true(error.cause instanceof Error && error.cause.message === "no sign of life for 8 s");
  t.like(events.at(-1), { event: "fault", code: "WORKER_HUNG" });
  t.is(weights, await weightsAfter(12));
  t.true(seconds < 10, `${seconds} s`);
});

test.serial("a worker that throws in an evaluation ends the run with the weights of the epoch", async (t) => {
  const fault: Fault = { kind: "throw", place: "evaluate", worker: 1, step: -1 };
  const { error, weights } = await failure(t, fault, { test: bands(300) });
  t.like(error, { code: "WORKER_FAILED", worker: 1, epoch: 1 });
  t.regex(error.message, /worker 1 failed in the evaluation after epoch 1: injected/);
  t.is(weights, await weightsAfter(10));
});

test.serial("a thread that is terminated from outside ends the run", async (t) => {
  let threads: readonly Worker[] = [];
  const slow: Fault = { kind: "slow", worker: 1, step: -1 };
  const trainer = createTrainer({ replicaWrapper: { module, data: slow }, onThreads: (all) => (threads = all) });
  const model = smallNetwork();
  const error = await t.throwsAsync(
    trainer(model, data, {
      epochs: 30,
      workers: 3,
      maxRestarts: 0,
      onEvent: ({ event }) => event === "progress" && void threads[0].terminate(),
    }),
    { instanceOf: ParallelError },
  );
  t.is(error.code, "WORKER_EXITED");
  // Whose thread it was is not known where its end is told before that of its task.
  t.true(error.step !== undefined && error.epoch !== undefined);
  // The others may have gone on without it, by some steps.
  const first = ((error.epoch ?? 0) - 1) * 10 + (error.step ?? 0) - 1;
  const possible = await Promise.all(Array.from({ length: 20 }, async (_, i) => weightsAfter(first + i)));
  t.true(possible.includes(model.weightsSha256()));
});

for (const kind of ["nan", "infiniteGradient"] as const) {
  test.serial(`${kind}: the run stops, names epoch, step and worker, and keeps the last finite weights`, async (t) => {
    const { error, weights, events } = await failure(t, { kind, worker: 2, step: 17 });
    t.like(error, { code: "NONFINITE_LOSS", worker: 2, epoch: 2, step: 8 });
    t.is(weights, await weightsAfter(17));
    t.like(events.at(-1), { event: "fault", code: "NONFINITE_LOSS", worker: 2 });
  });
}

test.serial("weights that overflow are no worker's fault, and the finite ones before them are kept", async (t) => {
  const model = smallNetwork();
  const before = model.weightsSha256();
  const error = await t.throwsAsync(
    createTrainer()(model, data, { workers: 2, optimizer: sgd({ learningRate: 3e38, weightDecay: 3e38 }) }),
    { instanceOf: ParallelError },
  );
  t.like(error, { code: "NONFINITE_LOSS", worker: undefined, epoch: 1, step: 1 });
  t.is(model.weightsSha256(), before);
});

test.serial("a thread that cannot start ends the run, and the model is as it was", async (t) => {
  const model = smallNetwork();
  const before = model.weightsSha256();
  const trainer = createTrainer({ replicaWrapper: { module: "file:///no/such/module.js", data: undefined } });
  const error = await t.throwsAsync(trainer(model, data, { workers: 2 }), { instanceOf: ParallelError });
  t.is(error.code, "WORKER_START_FAILED");
  t.regex(error.message, /no\/such\/module/);
  t.is(model.weightsSha256(), before);
});

test.serial(
  "a program whose workers throw, exit and spin for ever ends by itself: no thread or timer holds it",
  async (t) => {
    const program = new URL("../../test/failing_program.ts", import.meta.url).pathname;
    const kinds = ["throw", "exit", "spin"];
    const { stdout } = await promisify(execFile)(process.execPath, [program, ...kinds], { timeout: 60_000 });
    t.deepEqual(JSON.parse(stdout), [
      { code: "WORKER_FAILED", resources: [] },
      { code: "WORKER_EXITED", resources: [] },
      { code: "WORKER_HUNG", resources: [] },
    ]);
  },
);
