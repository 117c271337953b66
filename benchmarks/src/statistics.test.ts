import test from "ava";
import { median, medianAbsoluteDeviation, summarize } from "./statistics.ts";

test("the median of an odd number of values is the middle one, by size and not by text", (t) => {
  t.is(median([100, 9, 20]), 20);
  t.is(median([7]), 7);
});

test("the median of an even number of values is the mean of the middle two", (t) => {
  t.is(median([4, 1, 3, 2]), 2.5);
});

test("the median absolute deviation ignores one wild value", (t) => {
  // Distances from 3: 2, 1, 0, 1, 997.
  t.is(medianAbsoluteDeviation([1, 2, 3, 4, 1000]), 1);
  t.is(medianAbsoluteDeviation([5, 5, 5]), 0);
});

test("values stay in the order they came in", (t) => {
  const values = [3, 1, 2];
  t.deepEqual(summarize(values), { median: 2, mad: 1, samples: 3 });
  t.deepEqual(values, [3, 1, 2]);
});

test("no values have no median", (t) => {
  t.throws(() => median([]), { instanceOf: RangeError });
});
