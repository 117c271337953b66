import test from "ava";
import { Laps } from "./laps.ts";
import { median } from "./statistics.ts";

test("the median is the middle value, or the mean of the two in the middle", (t) => {
  t.is(median([9]), 9);
  t.is(median([10, 1, 2]), 2);
  t.is(median([1, 100, 3, 2]), 2.5);
});

test("sums a part's laps within a step, and takes the middle one of the steps that count", (t) => {
  const laps = new Laps(4, 1);
  for (const [first, second] of [
    [500, 500],
    [1, 2],
    [10, 20],
    [4, 4],
  ]) {
    laps.add("forward", first);
    laps.add("forward", second);
    laps.endStep();
  }
  t.is(laps.median("forward"), 8);
});

test("a part that was left out in a step took no time there", (t) => {
  const laps = new Laps(3, 0);
  laps.add("pool", 5);
  for (let step = 0; step < 3; step++) laps.endStep();
  t.is(laps.median("pool"), 0);
  t.is(laps.median("never"), 0);
});
