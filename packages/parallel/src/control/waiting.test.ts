import test from "ava";
import { LifeSign } from "./life_sign.ts";
import { Progress } from "./progress.ts";
import { Waiting } from "./waiting.ts";
import { controlBytes, heartbeat, words } from "./words.ts";

function control(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(controlBytes(2)));
}

/** Replaces `Atomics.wait`, by which a worker goes to sleep, and counts its calls. */
function countSleeps(work: () => void): number {
  const { wait } = Atomics;
  let asleep = 0;
  Object.assign(Atomics, {
    wait: () => {
      asleep++;
      return "timed-out";
    },
  });
  try {
    work();
  } finally {
    Object.assign(Atomics, { wait });
  }
  return asleep;
}

test.serial("who finds the generation changed neither waits nor asleep", (t) => {
  const shared = control();
  shared[words.generation] = 1;
  const waiting = new Waiting(shared, new LifeSign(shared, 0), 1);
  t.is(
    countSleeps(() => waiting.some(0, performance.now(), Infinity)),
    0,
  );
});

test.serial("a wait shows life, lasts two time slices, and ends in sleep where nothing changes", (t) => {
  const shared = control();
  const waiting = new Waiting(shared, new LifeSign(shared, 1), 1);
  const start = performance.now();
  t.is(
    countSleeps(() => waiting.some(0, start, Infinity)),
    1,
  );
  t.true(performance.now() - start >= 8);
  t.not(shared[heartbeat(1)], 0);
});

test.serial("it returns awake where the caller wants to look elsewhere before", (t) => {
  const shared = control();
  const waiting = new Waiting(shared, new LifeSign(shared, 0), 1);
  t.is(
    countSleeps(() => waiting.some(0, performance.now(), 0)),
    0,
  );
});

/** Of a wait that has lasted for 0.1 ms, so that it is the sleep that shows, and not the clock. */
function sleeps(waiting: Waiting): number {
  return countSleeps(() => waiting.some(0, performance.now() - 0.1, 0));
}

test.serial("who waits long every time, or has no core of its own, sleeps soon", (t) => {
  const shared = control();
  const long = new Waiting(shared, new LifeSign(shared, 0), 1);
  t.is(sleeps(long), 0);
  for (let i = 0; i < 100; i++) long.lasted(10);
  t.is(sleeps(long), 1);
  for (let i = 0; i < 100; i++) long.lasted(1);
  t.is(sleeps(long), 0);
  t.is(sleeps(new Waiting(shared, new LifeSign(shared, 0), 4096)), 1);
});

test("a worker stands still from when it was first looked at without a new sign", (t) => {
  const shared = control();
  const progress = new Progress(shared, 2);
  progress.begin(100);
  t.is(progress.stillFor(1, 103), 3);
  new LifeSign(shared, 1).beat();
  t.is(progress.stillFor(1, 104), 0);
  t.is(progress.stillFor(1, 106.5), 2.5);
  progress.begin(110);
  t.is(progress.stillFor(1, 111), 1);
});
