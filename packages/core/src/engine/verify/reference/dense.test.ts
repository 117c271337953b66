import test from "ava";
import { Draw } from "../../../../test/draw.ts";
import { relativeDistance } from "./closeness.ts";
import { dense, denseGradients } from "./dense.ts";
import { numericalGradient } from "../../../../test/numerical_gradient.ts";
import { tensor } from "./tensor.ts";

const x = tensor([2, 2], [1, 2, 3, 4]);
const kernel = tensor([2, 3], [1, 2, 3, 4, 5, 6]);

test("multiplies rows by the kernel and adds the bias", (t) => {
  t.deepEqual(dense(x, kernel, undefined), tensor([2, 3], [9, 12, 15, 19, 26, 33]));
  t.deepEqual([...dense(x, kernel, tensor([3], [10, 20, 30])).data], [19, 32, 45, 29, 46, 63]);
});

test("gradients of a case worked out by hand", (t) => {
  const { dx, dKernel, dBias } = denseGradients(x, kernel, tensor([2, 3], [1, 0, 0, 0, 0, 2]));
  t.deepEqual([...dx.data], [1, 4, 6, 12]);
  t.deepEqual([...dKernel.data], [1, 0, 6, 2, 0, 8]);
  t.deepEqual([...dBias.data], [1, 0, 2]);
});

test("gradients are the finite differences", (t) => {
  const draw = new Draw(5);
  const input = tensor([3, 5], draw.floats(15));
  const weights = tensor([5, 4], draw.floats(20));
  const bias = tensor([4], draw.floats(4));
  const dy = tensor([3, 4], draw.floats(12));
  const loss = () => dense(input, weights, bias).data.reduce((sum, y, i) => sum + y * dy.data[i], 0);
  const { dx, dKernel, dBias } = denseGradients(input, weights, dy);
  t.true(relativeDistance(dx.data, numericalGradient(loss, input.data)) < 1e-8);
  t.true(relativeDistance(dKernel.data, numericalGradient(loss, weights.data)) < 1e-8);
  t.true(relativeDistance(dBias.data, numericalGradient(loss, bias.data)) < 1e-8);
});
