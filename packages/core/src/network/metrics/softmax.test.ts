import test from "ava";
import { softmax } from "./softmax.ts";

test("gives the probabilities worked out by hand, row by row", (t) => {
  const rows = softmax(Float32Array.of(0, Math.LN2, Math.log(5), 3, 3, 3), 3);
  const expected = [1 / 8, 2 / 8, 5 / 8, 1 / 3, 1 / 3, 1 / 3];
  t.true(rows.every((value, i) => Math.abs(value - expected[i]) < 1e-7));
});

test("does not change when all logits of a row grow alike, nor overflow", (t) => {
  t.deepEqual(softmax(Float32Array.of(1e30, 1e30, -1e30), 3), Float32Array.of(0.5, 0.5, 0));
});

test("works in place", (t) => {
  const logits = Float32Array.of(0, 0);
  t.is(softmax(logits, 2), logits);
});
