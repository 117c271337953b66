import test from "ava";
import { differences } from "./differences.ts";

const parameters = [
  { name: "a/kernel", offset: 0, size: 4 },
  { name: "a/bias", offset: 4, size: 2 },
] as const;
const expected = { gradient: Float64Array.of(1, -2, 3, -4, 0.5, 0), loss: 2.25, correct: 3, logits: [1, 2] };
const right = { ...expected, gradient: Float32Array.of(1, -2, 3, -4, 0.5, 0), logits: Float32Array.of(1, 2) };
const reference = { ...expected, logits: Float64Array.of(1, 2) };

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
