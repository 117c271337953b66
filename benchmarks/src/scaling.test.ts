import test from "ava";
import { workerCounts } from "./scaling.ts";

test("workers double up to the cores, at least to two, and never beyond the shards", (t) => {
  t.deepEqual(workerCounts(1, 4), [1, 2]);
  t.deepEqual(workerCounts(2, 4), [1, 2]);
  t.deepEqual(workerCounts(6, 16), [1, 2, 4]);
  t.deepEqual(workerCounts(16, 4), [1, 2, 4]);
  t.deepEqual(workerCounts(8, 1), [1]);
});
