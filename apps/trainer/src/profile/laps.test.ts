import test from "ava";
import { Laps } from "./laps.ts";
import { middleHalf } from "./statistics.ts";

test("the typical steps are the middle half", (t) => {
  t.deepEqual(middleHalf([9]), [0]);
  t.deepEqual(middleHalf([1, 100]), [0, 1]);
  t.deepEqual(middleHalf([5, 100, 3, 4]), [3, 0]);
  t.deepEqual(middleHalf([8, 7, 6, 5, 4, 3, 2, 1]), [5, 4, 3, 2]);
});

/** Each step: what the first and the second part took. */
function lapsOf(uncounted: number, ...steps: readonly (readonly [number, number])[]): Laps {
  const laps = new Laps(steps.length, uncounted, "whole");
  for (const [first, second] of steps) {
    laps.add("first", first / 2);
    laps.add("first", first / 2);
    laps.add("second", second);
    laps.add("whole", first + second);
    laps.endStep();
  }
  return laps;
}

test("sums a part's laps within a step, and takes the mean of the typical ones of the steps that count", (t) => {
  const laps = lapsOf(1, [500, 500], [1, 1], [2, 8], [6, 2], [100, 100]);
  t.is(laps.typical("first"), 4);
  t.is(laps.typical("second"), 5);
});

test("what the parts took adds up to the whole, however they vary", (t) => {
  const laps = lapsOf(0, [1, 9], [7, 2], [3, 8], [2, 7], [9, 1], [5, 5], [90, 80]);
  t.true(Math.abs(laps.typical("first") + laps.typical("second") - laps.typical("whole")) < 1e-12);
});

test("a part that was left out in a step took no time there", (t) => {
  const laps = new Laps(3, 0, "whole");
  laps.add("pool", 6);
  for (let step = 0; step < 3; step++) {
    laps.add("whole", 10);
    laps.endStep();
  }
  t.is(laps.typical("pool"), 2);
  t.is(laps.typical("never"), 0);
});
