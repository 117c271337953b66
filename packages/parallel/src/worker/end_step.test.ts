import test from "ava";
import { Claims, resetClaims } from "../control/claims.ts";
import { controlBytes, decisions, words } from "../control/words.ts";
import { endStep } from "./end_step.ts";

/** A run of two workers that stands before its first step. */
function fresh(): Int32Array {
  const control = new Int32Array(new SharedArrayBuffer(controlBytes(2)));
  resetClaims(control, 2);
  return control;
}

/** Ends steps, of which these were uneven, and says after which the parts were small. */
function fineAfter(control: Int32Array, steps: number, uneven: readonly number[]): number[] {
  const fine: number[] = [];
  for (let step = 0; step < steps; step++) {
    if (uneven.includes(step)) control[words.uneven] = 1;
    endStep(control, step, undefined);
    if (control[words.fine] === 1) fine.push(step);
  }
  return fine;
}

test("counts the step, sets the counts back, and wakes those who wait", (t) => {
  const control = fresh();
  control[words.arrivals] = 4;
  control[words.reduced] = 2;
  endStep(control, 0, undefined);
  t.is(control[words.committed], 1);
  t.is(control[words.arrivals], 0);
  t.is(control[words.reduced], 0);
  t.is(control[words.generation], 1);
  t.is(control[words.decision], decisions.goOn);
});

test("a stop counts the step first, and a number that is not finite counts it never", (t) => {
  const control = fresh();
  control[words.stopRequest] = 1;
  endStep(control, 0, undefined);
  t.is(control[words.decision], decisions.stop);
  control[words.nonFinite] = 1;
  endStep(control, 1, undefined);
  t.is(control[words.decision], decisions.nonFinite);
  t.is(control[words.committed], 1);
});

test("one uneven step changes nothing, two within sixteen make parts small for sixty-four steps", (t) => {
  t.deepEqual(fineAfter(fresh(), 100, [10]), []);
  t.deepEqual(fineAfter(fresh(), 100, [10, 30, 50]), []);
  const fine = fineAfter(fresh(), 200, [10, 20]);
  t.deepEqual([fine[0], fine.length], [20, 64]);
  t.is(fineAfter(fresh(), 300, [10, 20, 60, 70]).length, 64 + 50);
});

test("parts of the other size are free after the change, however long they were not used", (t) => {
  const control = fresh();
  const claims = new Claims(control, 1);
  for (const step of [2 ** 23, 2 ** 23 + 1]) {
    control[words.uneven] = 1;
    endStep(control, step, undefined);
  }
  t.is(control[words.fine], 1);
  for (let part = 0; part < 64; part++) t.true(claims.takePart(part, 2 ** 23 + 2));
});
