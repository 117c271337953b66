import test from "ava";
import { Draw } from "../../../../test/draw.ts";
import { relativeDistance } from "./closeness.ts";
import { numericalGradient } from "../../../../test/numerical_gradient.ts";
import { softmaxCrossEntropy } from "./softmax_cross_entropy.ts";
import { tensor } from "./tensor.ts";

test("loss and gradient of a case worked out by hand", (t) => {
  // softmax([0, ln 2, 0]) = [1/4, 1/2, 1/4]
  const logits = tensor([2, 3], [0, Math.LN2, 0, 0, Math.LN2, 0]);
  const { loss, correct, dLogits } = softmaxCrossEntropy(logits, [1, 2], 2);
  t.true(Math.abs(loss - (Math.LN2 + Math.log(4)) / 2) < 1e-15);
  t.is(correct, 1);
  t.true(relativeDistance(dLogits.data, [0.125, -0.25, 0.125, 0.125, 0.25, -0.375]) < 1e-15);
});

test("a part of a minibatch carries one over the whole minibatch", (t) => {
  const { loss, dLogits } = softmaxCrossEntropy(tensor([1, 2], [0, 0]), [0], 8);
  t.true(Math.abs(loss - Math.LN2 / 8) < 1e-16);
  t.deepEqual([...dLogits.data], [-0.0625, 0.0625]);
});

test("of equal logits the first is the answer", (t) => {
  t.is(softmaxCrossEntropy(tensor([2, 3], [1, 1, 0, 1, 1, 0]), [0, 1], 2).correct, 1);
});

test("large logits stay finite", (t) => {
  t.is(softmaxCrossEntropy(tensor([1, 2], [1000, -1000]), [1], 1).loss, 2000);
});

test("the gradient is the finite difference", (t) => {
  const draw = new Draw(6);
  const logits = tensor([4, 5], draw.floats(20, -3, 3));
  const labels = [0, 4, 2, 2];
  const { dLogits } = softmaxCrossEntropy(logits, labels, 6);
  const numerical = numericalGradient(() => softmaxCrossEntropy(logits, labels, 6).loss, logits.data);
  t.true(relativeDistance(dLogits.data, numerical) < 1e-8);
});
