import test from "ava";
import { gaps } from "./ranges.ts";

test("gaps are what lies before, between and behind the ranges, in order", (t) => {
  const ranges = [
    { offset: 7, count: 2 },
    { offset: 1, count: 3 },
  ];
  t.deepEqual(gaps(ranges, 12), [
    { offset: 0, count: 1 },
    { offset: 4, count: 3 },
    { offset: 9, count: 3 },
  ]);
});

test("ranges that touch leave nothing between them, and ranges that cover all leave nothing", (t) => {
  const ranges = [
    { offset: 0, count: 3 },
    { offset: 3, count: 2 },
  ];
  t.deepEqual(gaps(ranges, 6), [{ offset: 5, count: 1 }]);
  t.deepEqual(gaps(ranges, 5), []);
});

test("no ranges leave the whole vector", (t) => {
  t.deepEqual(gaps([], 4), [{ offset: 0, count: 4 }]);
});
