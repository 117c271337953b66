import test from "ava";
import { slide } from "./window.ts";

const starts = (...window: Parameters<typeof slide>): number[] => {
  const along = slide(...window);
  return Array.from({ length: along.positions }, (_, position) => along.start(position));
};

test("a valid window stays inside, and leaves out what is too short for another step", (t) => {
  t.deepEqual(starts(7, 3, 2, "valid"), [0, 2, 4]);
  t.deepEqual(starts(8, 3, 2, "valid"), [0, 2, 4]);
  t.deepEqual(starts(9, 1, 4, "valid"), [0, 4, 8]);
});

test("a same window pads as TensorFlow does: evenly, the odd cell at the end", (t) => {
  t.deepEqual(starts(5, 3, 1, "same"), [-1, 0, 1, 2, 3]);
  t.deepEqual(starts(6, 3, 2, "same"), [0, 2, 4]);
  t.deepEqual(starts(5, 2, 1, "same"), [0, 1, 2, 3, 4]);
  t.deepEqual(starts(7, 1, 3, "same"), [0, 3, 6]);
  t.deepEqual(starts(1, 4, 1, "same"), [-1]);
});
