import { adam, sgd, weightsSha256 } from "@convoy/core";
import test from "ava";
import { disturbed, survives } from "../../test/disturbed_training.ts";
import type { Fault } from "../../test/inject_faults.ts";
import { plainTraining, seedProgram } from "../../test/plain_training.ts";
import { bands, smallNetwork } from "../../test/small_network.ts";
import { ParallelError } from "../errors.ts";
import { createTrainer } from "./create_trainer.ts";
import type { FaultEvent } from "./events.ts";
import type { Phase, WorkerFault } from "./fault.ts";
import { Recovery } from "./recovery.ts";

const module = import.meta.resolve("../../test/inject_faults.ts");

/** A fault as `Workers` finds it. */
function found(code: string, phase: Phase): WorkerFault {
  return {
    code,
    what: `a thread failed: ${code}`,
    cure: "Find out.",
    position: { worker: 1 },
    phase,
    isFinal: phase === "prepare",
    cause: undefined,
  };
}

const momentum = sgd({ learningRate: 0.01, momentum: 0.9 });

test.serial("a worker that exits in the middle of its update leaves no mixture behind", async (t) => {
  await survives(t, { kind: "exit", place: "update", worker: 2, step: 13 }, adam(), 3);
});

test.serial("a worker that is terminated between count and release of a step costs nothing of it", async (t) => {
  await survives(t, { kind: "terminate", place: "release", worker: 0, step: 9 }, momentum, 2);
});

test.serial("a worker that stalls after it was counted at the barrier is replaced, and so is the count", async (t) => {
  await survives(t, { kind: "stall", place: "barrier", worker: 0, step: 12 }, adam(), 2);
});

test.serial("a worker that runs out of memory in the middle of an addition is replaced", async (t) => {
  await survives(t, { kind: "allocate", place: "reduce", worker: 1, step: 4 }, momentum, 2);
});

test.serial("a worker that fails in an evaluation is replaced, and the evaluation done again", async (t) => {
  await survives(t, { kind: "exit", place: "evaluate", worker: 1, step: 0 }, momentum, 2);
});

test.serial(
  "a fault that comes again at the same step ends the run after three fresh starts, with the first cause",
  async (t) => {
    const faults: FaultEvent[] = [];
    const model = smallNetwork();
    const data = { kind: "throw", worker: 1, step: 5 } satisfies Fault;
    const error = await t.throwsAsync(
      createTrainer({ replicaWrapper: { module, data }, cores: Infinity })(model, bands(640), {
        workers: 2,
        onEvent: (event) => event.event === "fault" && faults.push(event),
      }),
      { instanceOf: ParallelError },
    );
    t.like(error, { code: "WORKER_FAILED", worker: 1, epoch: 1, step: 6 });
    t.regex(error.message, /Fresh threads did not help; .*The model has the weights of the last whole step\./);
    t.deepEqual(
      faults.map(({ code, epoch, step, restart }) => ({ code, epoch, step, restart })),
      [1, 2, 3, undefined].map((restart) => ({ code: "WORKER_FAILED", epoch: 1, step: 6, restart })),
    );
    const { weights } = await plainTraining(smallNetwork(), bands(640), { ...seedProgram, steps: 5 });
    t.is(model.weightsSha256(), weightsSha256(weights));
  },
);

test.serial("faults with whole steps between them do not add up", async (t) => {
  const fault = { kind: "throw", worker: 1, step: 5, times: 2, advancing: true } as const;
  const { faults } = await disturbed(fault, { workers: 2, maxRestarts: 1 });
  t.deepEqual(
    faults.map(({ step, restart }) => ({ step, restart })),
    [
      { step: 6, restart: 1 },
      { step: 7, restart: 1 },
    ],
  );
});

test.serial("timings of an epoch with a fault have every step once", async (t) => {
  const fault = { kind: "throw", worker: 0, step: 4 } as const;
  const { result } = await disturbed(fault, { workers: 2, timings: true, epochs: 1 });
  const { timings = [] } = result.history[0];
  t.is(timings.length, 2);
  for (let step = 0; step < 10; step++) {
    // In each step somebody computed; one of the two may have come too late for it.
    t.true(timings.some(({ compute }) => compute[step] > 0));
  }
  for (const { compute } of timings) t.is(compute.length, 10);
});

test("a thread that fails while starting again ends the run, with the first cause and its own", (t) => {
  const recovery = new Recovery(() => 3);
  t.is(recovery.judge(found("WORKER_EXITED", "train"), 7).restart, 1);
  const { restart, error } = recovery.judge(found("WORKER_START_FAILED", "prepare"), 7);
  t.is(restart, undefined);
  t.is(
    error.message,
    "WORKER_EXITED: a thread failed: WORKER_EXITED. Fresh threads did not help; in the end, a thread failed: " +
      "WORKER_START_FAILED. The model has the weights of the last whole step. Find out.",
  );
});

test("a thread that fails while starting for the first time ends the run, and the model is as it was", (t) => {
  const { restart, error } = new Recovery(() => 3).judge(found("WORKER_START_FAILED", "prepare"), 0);
  t.is(restart, undefined);
  t.regex(error.message, /The model is as it was\./);
});

test("after a whole step, restarts are counted anew, and the first cause is another", (t) => {
  const recovery = new Recovery(() => 1);
  t.is(recovery.judge(found("WORKER_EXITED", "train"), 7).restart, 1);
  t.is(recovery.judge(found("WORKER_FAILED", "train"), 8).restart, 1);
  t.like(recovery.judge(found("WORKER_HUNG", "train"), 8), { restart: undefined, error: { code: "WORKER_FAILED" } });
});
