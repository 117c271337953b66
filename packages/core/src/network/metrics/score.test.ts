import test from "ava";
import { score } from "./score.ts";

const close = (a: number, b: number): boolean => Math.abs(a - b) < 1e-12;

test("gives losses and right answers worked out by hand", (t) => {
  // softmax(0, ln 2, ln 5) = 1/8, 2/8, 5/8
  const logits = Float32Array.of(0, 0, 0, 0, Math.LN2, Math.log(5));
  const { lossSum, correct } = score(logits, [0, 1], 0, 2, 3);
  t.true(Math.abs(lossSum - (Math.log(3) + Math.log(4))) < 1e-7);
  t.is(correct, 1);
});

test("two equal logits lose ln 2, and the first one is the answer", (t) => {
  t.deepEqual(score(Float32Array.of(0, 0), Int32Array.of(1), 0, 1, 2), { lossSum: Math.LN2, correct: 0 });
});

test("takes the label of the first image at the place it is given", (t) => {
  t.is(score(Float32Array.of(1, 0), [1, 1, 0], 2, 1, 2).correct, 1);
  t.is(score(Float32Array.of(1, 0), [1, 1, 0], 1, 1, 2).correct, 0);
});

test("the first of equal logits is the answer", (t) => {
  t.is(score(Float32Array.of(2, 7, 7), [1], 0, 1, 3).correct, 1);
  t.is(score(Float32Array.of(2, 7, 7), [2], 0, 1, 3).correct, 0);
});

test("neither overflows nor loses small losses", (t) => {
  t.is(score(Float32Array.of(1e30, 0), [0], 0, 1, 2).lossSum, 0);
  t.is(score(Float32Array.of(-1e30, 0), [0], 0, 1, 2).lossSum, Math.fround(1e30));
  t.true(close(score(Float32Array.of(20, 0), [0], 0, 1, 2).lossSum, Math.log1p(Math.exp(-20))));
});

test("NaN is never a right answer", (t) => {
  const { lossSum, correct } = score(Float32Array.of(NaN, NaN), [0], 0, 1, 2);
  t.true(Number.isNaN(lossSum));
  t.is(correct, 0);
});

test("no image, no loss", (t) => {
  t.deepEqual(score(new Float32Array(0), [], 0, 0, 2), { lossSum: 0, correct: 0 });
});
