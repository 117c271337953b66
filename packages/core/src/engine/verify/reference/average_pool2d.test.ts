import test from "ava";
import { Draw } from "../../../../test/draw.ts";
import { averagePool2d, averagePool2dGradient } from "./average_pool2d.ts";
import { relativeDistance } from "./closeness.ts";
import { numericalGradient } from "../../../../test/numerical_gradient.ts";
import type { Pool2dSettings } from "./pool_windows.ts";
import { tensor } from "./tensor.ts";

const oneToNine = tensor([1, 3, 3, 1], [1, 2, 3, 4, 5, 6, 7, 8, 9]);
const same: Pool2dSettings = { poolSize: [2, 2], strides: [2, 2], padding: "same" };

test("takes the mean of each window", (t) => {
  const y = averagePool2d(oneToNine, { poolSize: [2, 2], strides: [1, 1], padding: "valid" });
  t.deepEqual(y, tensor([1, 2, 2, 1], [3, 4, 6, 7]));
});

test("divides by the real cells where a window reaches over the edge", (t) => {
  t.deepEqual([...averagePool2d(oneToNine, same).data], [3, 4.5, 7.5, 9]);
});

test("each real cell gets its share of the gradient", (t) => {
  const dy = tensor([1, 2, 2, 1], [4, 4, 4, 4]);
  t.deepEqual([...averagePool2dGradient(oneToNine, dy, same).data], [1, 1, 2, 1, 1, 2, 2, 2, 4]);
});

for (const [name, image, settings] of [
  ["2×2", [2, 5, 4, 3], { poolSize: [2, 2], strides: [2, 2], padding: "valid" }],
  ["overlapping, same padding", [1, 5, 6, 2], { poolSize: [3, 3], strides: [2, 1], padding: "same" }],
  ["stride > window", [2, 7, 5, 1], { poolSize: [1, 2], strides: [3, 3], padding: "same" }],
] as const) {
  test(`the gradient is the finite difference: ${name}`, (t) => {
    const draw = new Draw(3);
    const x = tensor(image, draw.floats(tensor(image).data.length));
    const y = averagePool2d(x, settings);
    const dy = tensor(y.shape, draw.floats(y.data.length));
    const loss = () => averagePool2d(x, settings).data.reduce((sum, value, i) => sum + value * dy.data[i], 0);
    t.true(relativeDistance(averagePool2dGradient(x, dy, settings).data, numericalGradient(loss, x.data)) < 1e-8);
  });
}
