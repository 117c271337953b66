import { once } from "node:events";
import type { Worker } from "node:worker_threads";
import type { ImageData } from "@convoy/core";
import test from "ava";
import { plainTraining, seedProgram } from "../../test/plain_training.ts";
import { bands, smallNetwork } from "../../test/small_network.ts";
import { ParallelError } from "../errors.ts";
import { createTrainer } from "./create_trainer.ts";
import type { FitEvent } from "./events.ts";
import { fit } from "./fit.ts";
import type { Loading } from "./loaded_data.ts";

test.serial("threads run while the data is still loading, and train it when it is there", async (t) => {
  const { promise, resolve } = Promise.withResolvers<ImageData>();
  const trainer = createTrainer({
    // A `fit` that waited for the data first would wait forever.
    onThreads: ([thread]) => thread.once("online", () => resolve(bands(640))),
  });
  const model = smallNetwork();
  const images = bands(50);
  const { steps, history } = await trainer(model, promise, { workers: 2, test: promise.then(() => images) });
  t.is(steps, 10);
  t.is(history[0].evaluation?.total, 50);
  const { weights } = await plainTraining(smallNetwork(), bands(640), { ...seedProgram, steps: 10 });
  t.deepEqual(model.getWeights(), weights);
});

for (const [what, options] of [
  ["training data", (failed: Promise<ImageData>) => ({ data: failed, test: undefined })],
  ["validation data", (failed: Promise<ImageData>) => ({ data: bands(64), validation: failed })],
  ["test data", (failed: Promise<ImageData>) => ({ data: bands(64), test: failed })],
] as const) {
  test.serial(
    `${what} that does not load ends fit with its error: no event, no thread, the model as it was`,
    async (t) => {
      const exits: Promise<unknown>[] = [];
      const threads: Worker[] = [];
      const trainer = createTrainer({
        onThreads(all) {
          threads.push(...all);
          exits.push(...all.map((thread) => once(thread, "exit")));
        },
      });
      const model = smallNetwork();
      const before = model.weightsSha256();
      const cause = new Error("the disk is gone");
      const { data, ...others } = options(Promise.reject(cause));
      const onEvent = (): void => t.fail("nothing began");
      t.is(await t.throwsAsync(trainer(model, data, { workers: 2, ...others, onEvent })), cause);
      await Promise.all(exits);
      // -1 is what Node gives to a thread that has ended.
      t.deepEqual(
        threads.map(({ threadId }) => threadId),
        [-1, -1],
      );
      t.is(model.weightsSha256(), before);
    },
  );
}

test.serial("a signal is heard while the data is still loading: nothing began, and no thread is left", async (t) => {
  const threads: Worker[] = [];
  const controller = new AbortController();
  const trainer = createTrainer({
    onThreads(all) {
      threads.push(...all);
      all[0].once("online", () => controller.abort());
    },
  });
  const model = smallNetwork();
  const before = model.weightsSha256();
  const result = await trainer(model, new Promise(() => {}), {
    workers: 2,
    signal: controller.signal,
    checkpoint: { save: () => t.fail("nothing to save") },
    onEvent: () => t.fail("nothing began"),
  });
  t.like(result, { aborted: true, epochs: 0, steps: 0, history: [], weightsSha256: before, workers: 2 });
  t.deepEqual(result.checkpoints, { step: undefined, failure: undefined });
  t.is(model.weightsSha256(), before);
  t.deepEqual(
    threads.map(({ threadId }) => threadId),
    [-1, -1],
  );
});

/** Ends one of the first threads from outside, once its program is loaded. */
function endOne(): (threads: readonly Worker[]) => void {
  let done = false;
  return ([, thread]) => {
    if (!done) thread.once("message", () => void thread.terminate());
    done = true;
  };
}

test.serial(
  "a thread that dies while the data is still loading ends the run at once, without a second try",
  async (t) => {
    const events: FitEvent[] = [];
    const error = await t.throwsAsync(
      createTrainer({ onThreads: endOne() })(smallNetwork(), new Promise(() => {}), {
        workers: 2,
        maxRestarts: 0,
        onEvent: (event) => events.push(event),
      }),
      { instanceOf: ParallelError },
    );
    t.like(error, { code: "WORKER_EXITED", worker: undefined });
    t.regex(error.message, /a thread without a task ended with exit code 1 while starting\. The model is as it was\./);
    t.like(events, [{ event: "fault", code: "WORKER_EXITED", restart: undefined, phase: "prepare" }]);
  },
);

test.serial("a thread that dies while the data is still loading is replaced, and no bit changes", async (t) => {
  const { promise, resolve } = Promise.withResolvers<ImageData>();
  const faults: FitEvent[] = [];
  const { weightsSha256 } = await createTrainer({ onThreads: endOne() })(smallNetwork(), promise, {
    workers: 2,
    onEvent(event) {
      if (event.event !== "fault") return;
      faults.push(event);
      resolve(bands(64));
    },
  });
  t.like(faults, [{ code: "WORKER_EXITED", restart: 1, phase: "prepare" }]);
  t.is(weightsSha256, (await fit(smallNetwork(), bands(64), { workers: 1 })).weightsSha256);
});

test("data that fails after an option was refused is no unhandled rejection", async (t) => {
  const { promise, reject } = Promise.withResolvers<ImageData>();
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on("unhandledRejection", note);
  await t.throwsAsync(fit(smallNetwork(), promise, { epochs: 0, validation: promise }), { code: "FIT_OPTION" });
  reject(new Error("too late"));
  // Node tells of them once all that was ready to run has run.
  await new Promise(setImmediate);
  process.off("unhandledRejection", note);
  t.deepEqual(unhandled, []);
});

test("a promise of nothing is refused", async (t) => {
  for (const nothing of [null, undefined, 3]) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const promise = Promise.resolve(nothing) as unknown as Loading;
    await t.throwsAsync(fit(smallNetwork(), promise), {
      code: "FIT_DATA",
      message: /the training data must be an object/,
    });
    await t.throwsAsync(fit(smallNetwork(), bands(8), { validation: promise }), {
      code: "FIT_DATA",
      message: /the validation data must be an object/,
    });
  }
});
