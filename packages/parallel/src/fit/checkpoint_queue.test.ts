import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { sgd, type Checkpoint } from "@convoy/core";
import test from "ava";
import { CheckpointQueue } from "./checkpoint_queue.ts";
import { beginning } from "./run_position.ts";

function checkpoint(step: number): Checkpoint {
  const weights = new Float32Array(0);
  const optimizer = sgd({ learningRate: 1 });
  return { ...beginning, step, parameters: [], weights, optimizer, optimizerState: [], seed: 1, settings: {} };
}

test("one is saved at a time, and the newest takes the place of the one that waits", async (t) => {
  const saved: number[] = [];
  const ends: (() => void)[] = [];
  const queue = new CheckpointQueue(
    ({ step }) => {
      saved.push(step);
      return new Promise<void>((resolve) => ends.push(resolve));
    },
    () => t.fail(),
  );
  queue.offer(checkpoint(1));
  t.false(queue.full);
  await nextTurn();
  queue.offer(checkpoint(2));
  t.true(queue.full);
  queue.offer(checkpoint(3));
  await nextTurn();
  t.deepEqual(saved, [1]);
  ends[0]();
  await nextTurn();
  await nextTurn();
  t.deepEqual(saved, [1, 3]);
  t.false(queue.full);
  t.is(queue.outcome.step, 1);
  ends[1]();
  await queue.settle();
  t.deepEqual(queue.outcome, { step: 3, failure: undefined });
});

test("a failure is told, and the next one is tried", async (t) => {
  const told: unknown[] = [];
  const queue = new CheckpointQueue(
    ({ step }) => {
      if (step < 3) throw new Error(`full disk at ${step}`);
    },
    ({ step }, error) => told.push([step, String(error)]),
  );
  for (const step of [1, 2, 3]) {
    queue.offer(checkpoint(step));
    // Each by itself, one after the other.
    // oxlint-disable-next-line no-await-in-loop
    await queue.settle();
  }
  t.deepEqual(told, [
    [1, "Error: full disk at 1"],
    [2, "Error: full disk at 2"],
  ]);
  const { step, failure } = queue.outcome;
  t.is(step, 3);
  t.is(failure?.step, 2);
});

test("a promise that rejects is a failure too, and nothing is saved then", async (t) => {
  const queue = new CheckpointQueue(
    () => Promise.reject(new Error("read-only")),
    () => {},
  );
  queue.offer(checkpoint(4));
  await queue.settle();
  t.is(queue.outcome.step, undefined);
  t.like(queue.outcome.failure, { step: 4, error: { message: "read-only" } });
});

test("a save that does not end is given up once a stop is asked for, and not before", async (t) => {
  const queue = new CheckpointQueue(
    () => new Promise(() => {}),
    () => t.fail(),
  );
  queue.offer(checkpoint(4));
  queue.offer(checkpoint(8));
  const controller = new AbortController();
  let isSettled = false;
  const settled = queue.settle(controller.signal, 200).then(() => (isSettled = true));
  await sleep(500);
  t.false(isSettled);
  controller.abort();
  await settled;
  t.true(queue.isGivenUp);
  t.like(queue.outcome, { step: undefined, failure: { step: 8, error: { code: "SAVE_UNFINISHED" } } });
});

test("a save that takes longer than a stop may is waited for where others took as long", async (t) => {
  const queue = new CheckpointQueue(
    () => sleep(350),
    () => t.fail(),
  );
  queue.offer(checkpoint(4));
  await queue.settle();
  queue.offer(checkpoint(8));
  await queue.settle(AbortSignal.abort(), 100);
  t.like(queue.outcome, { step: 8, failure: undefined });
});
