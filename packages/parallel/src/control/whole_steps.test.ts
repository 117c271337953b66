import test from "ava";
import { sideAfter, wholeSteps } from "./whole_steps.ts";
import { controlBytes, words } from "./words.ts";

for (const start of [0, 2 ** 31 - 2, 2 ** 32 - 2, 2 ** 53 - 20]) {
  test(`steps are counted on from ${start}, and sides taken in turns`, (t) => {
    const control = new Int32Array(new SharedArrayBuffer(controlBytes(1)));
    for (let steps = start; steps < start + 10; steps++) {
      Atomics.store(control, words.committed, steps);
      t.is(wholeSteps(control, start), steps);
      t.is(sideAfter(control), steps % 2 === 0 ? 0 : 1);
    }
  });
}
