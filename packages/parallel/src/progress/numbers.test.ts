import test from "ava";
import { counted, duration, grouped, percent } from "./numbers.ts";

test("groups thousands", (t) => {
  t.deepEqual([0, 999, 1000, 24_310.4, 1_234_567].map(grouped), ["0", "999", "1,000", "24,310", "1,234,567"]);
});

test("writes durations as one reads them", (t) => {
  t.deepEqual([0, 9.14, 59.94, 59.96, 75, 3599.6, 3675].map(duration), [
    "0.0 s",
    "9.1 s",
    "59.9 s",
    "1:00",
    "1:15",
    "1:00:00",
    "1:01:15",
  ]);
});

test("writes shares as percentages", (t) => {
  t.is(percent(0.9812), "98.12 %");
  t.is(percent(1, 0), "100 %");
});

test("counts one and many", (t) => {
  t.is(counted(1, "epoch"), "1 epoch");
  t.is(counted(9380, "step"), "9,380 steps");
});
