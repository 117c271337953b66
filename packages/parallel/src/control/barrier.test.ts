import { setTimeout } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import test from "ava";
import { Barrier } from "./barrier.ts";
import { controlBytes, heartbeat, words } from "./words.ts";

const meeting = new URL("../../test/meeting.ts", import.meta.url);

function meet(threads: number, rounds: number, buffer: SharedArrayBuffer, workers = threads): Promise<unknown[]> {
  return Promise.all(
    Array.from({ length: threads }, (_, worker) => {
      const thread = new Worker(meeting, { workerData: { buffer, workers, worker, rounds } });
      return new Promise((resolve, reject) => {
        thread.once("message", resolve);
        thread.once("error", reject);
      });
    }),
  );
}

for (const workers of [2, 4]) {
  test(`${workers} workers see all that was written before the barrier`, async (t) => {
    const rounds = 300;
    const buffer = new SharedArrayBuffer(controlBytes(workers) + workers * 4);
    t.deepEqual(
      await meet(workers, rounds, buffer),
      Array.from({ length: workers }, () => ({ wrong: 0, aborted: false })),
    );
    const control = new Int32Array(buffer);
    t.is(control[words.generation], 2 * rounds);
    t.is(control[words.committed], rounds, "the last to arrive acts once a round");
  });
}

test("an abort breaks the barrier of those who wait for one that never comes", async (t) => {
  const buffer = new SharedArrayBuffer(controlBytes(3) + 12);
  const control = new Int32Array(buffer);
  const waiting = meet(2, 10, buffer, 3);
  while (Atomics.load(control, words.arrivals) < 2) await setTimeout(5);
  Atomics.store(control, words.abort, 1);
  Atomics.notify(control, words.generation);
  t.deepEqual(await waiting, [
    { wrong: 0, aborted: true },
    { wrong: 0, aborted: true },
  ]);
});

test("who waits shows signs of life", (t) => {
  const control = new Int32Array(new SharedArrayBuffer(controlBytes(2)));
  const barrier = new Barrier(control, 2, 1);
  Atomics.store(control, words.abort, 1);
  t.false(barrier.meet());
  t.not(control[heartbeat(1)], 0);
});

test("one worker waits for nobody, and still decides", (t) => {
  const control = new Int32Array(new SharedArrayBuffer(controlBytes(1)));
  let decided = 0;
  t.true(new Barrier(control, 1, 0).meet(() => decided++));
  t.is(decided, 1);
});
