import { Worker } from "node:worker_threads";
import test from "ava";
import { Claims, markParts, resetClaims, stepOf } from "./claims.ts";
import { controlBytes, words } from "./words.ts";

function fresh(workers: number, committed = 0): Int32Array {
  const control = new Int32Array(new SharedArrayBuffer(controlBytes(workers)));
  Atomics.store(control, words.committed, committed);
  resetClaims(control, workers);
  return control;
}

const near = [0, 5, 2 ** 24 - 2, 2 ** 26 - 2, 2 ** 31 - 2, 2 ** 32 - 2];

for (const first of near) {
  test(`from step ${first} on, a part and a slice go to one worker a step, and to none of a step before`, (t) => {
    const control = fresh(2, first);
    const [one, two] = [new Claims(control, 0), new Claims(control, 1)];
    for (let step = first; step < first + 4; step++) {
      const before = one.state(0);
      t.is(one.holder(0, step), -1);
      t.true(one.takePart(0, step));
      t.false(two.takePart(0, step));
      t.false(two.takePart(0, step - 1));
      t.is(two.holder(0, step), 0);
      t.true(one.tookPart(0, step) && !two.tookPart(0, step));
      t.true(one.publishTaken(0, step, before));
      t.is(two.holder(0, step), -1);
      t.is(one.vectorIn(one.state(0)), 2);
      t.true(two.takeSlice(5, step));
      t.false(one.takeSlice(5, step));
      t.false(one.takeSlice(5, step - 1));
    }
  });
}

test("a part that another did instead: both have a vector, and no vector has two", (t) => {
  const control = fresh(2);
  const [stuck, other] = [new Claims(control, 0), new Claims(control, 1)];
  t.deepEqual([stuck.hand, other.hand], [0, 1]);
  const before = stuck.state(3);
  t.is(stuck.vectorIn(before), 5);
  t.true(stuck.takePart(3, 0));
  t.true(other.publishInstead(3, 0));
  t.false(other.publishInstead(3, 0), "once is enough");
  t.is(other.vectorIn(other.state(3)), 1, "what the other had in its hand is the part's");
  t.false(stuck.publishTaken(3, 0, before));
  t.true(stuck.isHandedBack(before));
  t.deepEqual([stuck.hand, other.hand], [5, 0]);
});

test("nobody does instead what is not taken, is done, or is of a step that is over", (t) => {
  const control = fresh(2);
  const [one, two] = [new Claims(control, 0), new Claims(control, 1)];
  t.false(two.publishInstead(0, 0));
  const before = one.state(0);
  one.takePart(0, 0);
  one.publishTaken(0, 0, before);
  t.false(two.publishInstead(0, 0));
  t.true(one.takePart(0, 1));
  t.false(two.publishInstead(0, 0), "the claim is of a later step");
  t.deepEqual([one.hand, two.hand], [0, 1]);
});

test("marked parts are free for the next step, keep their vectors, and are not for a worker that comes late", (t) => {
  const control = fresh(2);
  const [late, other] = [new Claims(control, 0), new Claims(control, 1)];
  const before = late.state(0);
  late.takePart(0, 0);
  other.publishInstead(0, 0);
  markParts(control, 7);
  t.false(late.publishTaken(0, 0, before));
  t.false(late.takePart(1, 7));
  t.true(other.takePart(0, 8));
  t.is(other.vectorIn(other.state(0)), 1);
});

test("says in which step a worker is", (t) => {
  const control = fresh(2, 9);
  t.is(control[stepOf(1)], 9);
  new Claims(control, 1).enter(12);
  t.is(control[stepOf(1)], 12);
});

test("threads that take each other's parts over at random never share a vector, and lose no sum", async (t) => {
  const workers = 4;
  const parts = 6;
  const steps = 3000;
  const control = fresh(workers);
  const vectors = new Int32Array(new SharedArrayBuffer((workers + parts) * 4));
  const program = new URL("../../test/claiming.ts", import.meta.url);
  const wrong = await Promise.all(
    Array.from({ length: workers }, async (_, worker) => {
      const thread = new Worker(program, { workerData: { control, vectors, worker, parts, steps } });
      return new Promise((resolve, reject) => {
        thread.once("message", resolve);
        thread.once("error", reject);
      });
    }),
  );
  t.deepEqual(
    wrong,
    Array.from({ length: workers }, () => 0),
  );
  t.is(control[words.committed], steps);
  const claims = Array.from({ length: workers }, (_, worker) => new Claims(control, worker));
  const held = [
    ...claims.map(({ hand }) => hand),
    ...Array.from({ length: parts }, (_, part) => claims[0].vectorIn(claims[0].state(part))),
  ];
  t.deepEqual(
    held.toSorted((a, b) => a - b),
    [...vectors.keys()],
  );
});
