import test from "ava";
import { differences } from "./differences.ts";

const parameters = [
  { name: "a/kernel", offset: 0, size: 4 },
  { name: "a/bias", offset: 4, size: 2 },
] as const;
const training = {
  gradient: Float64Array.of(1, -2, 3, -4, 0.5, 0),
  doubt: new Float64Array(6),
  loss: 2.25,
  correct: 3,
};
const reference = { logits: Float64Array.of(1, 2), training };
const right = {
  gradient: Float32Array.of(1, -2, 3, -4, 0.5, 0),
  loss: 2.25,
  correct: 3,
  logits: Float32Array.of(1, 2),
};

test("float32's rounding is no difference", (t) => {
  t.deepEqual(differences({ ...right, loss: Math.fround(2.250_001) }, reference, parameters), []);
});

test("a lane in another's place is one, and is named", (t) => {
  const gradient = Float32Array.of(1, 3, -2, -4, 0.5, 0);
  t.deepEqual(differences({ ...right, gradient }, reference, parameters), [
    "the gradient of a/kernel is off by 1.3e+0",
  ]);
});

test("loss, right answers and predictions are compared, and a value that is no number differs", (t) => {
  const nothing = Float32Array.of(1, Number.NaN);
  const found = differences({ ...right, loss: 2.2501, correct: 4, logits: nothing }, reference, parameters);
  t.deepEqual(found, [
    "the loss is off by 4.4e-5",
    "the number of right answers is off by 1.0e+0",
    "the prediction is off by NaN",
  ]);
});

test("a gradient may be off by twice what close decisions change in it, and no other gradient by that", (t) => {
  const doubt = Float64Array.of(0, 0.01, 0, 0, 0, 0);
  const doubtful = { ...reference, training: { ...training, doubt } };
  const off = (...gradient: number[]) =>
    differences({ ...right, gradient: Float32Array.from(gradient) }, doubtful, parameters);
  t.deepEqual(off(1, -1.985, 3, -4, 0.5, 0), []);
  t.deepEqual(off(1, -1.975, 3, -4, 0.5, 0), ["the gradient of a/kernel is off by 4.6e-3"]);
  t.deepEqual(off(1, -2, 3, -4, 0.501, 0), ["the gradient of a/bias is off by 2.0e-3"]);
});

test("where the reference worked out the prediction alone, that is compared", (t) => {
  const predictionOnly = { ...reference, training: undefined };
  t.deepEqual(differences({ ...right, loss: Number.NaN }, predictionOnly, parameters), []);
  t.deepEqual(differences({ ...right, logits: Float32Array.of(2, 1) }, predictionOnly, parameters), [
    "the prediction is off by 6.3e-1",
  ]);
});
