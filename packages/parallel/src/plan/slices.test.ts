import test from "ava";
import { slices } from "./slices.ts";

test("slices are whole cache lines that cover the vector once", (t) => {
  t.deepEqual(slices(100, 3), [
    { start: 0, end: 48 },
    { start: 48, end: 80 },
    { start: 80, end: 100 },
  ]);
});

test("a vector shorter than its workers' lines leaves empty slices", (t) => {
  t.deepEqual(slices(17, 4), [
    { start: 0, end: 16 },
    { start: 16, end: 17 },
    { start: 17, end: 17 },
    { start: 17, end: 17 },
  ]);
});
