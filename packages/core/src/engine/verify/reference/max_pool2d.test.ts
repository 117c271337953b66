import test from "ava";
import { Draw } from "../../../../test/draw.ts";
import { relativeDistance } from "./closeness.ts";
import { maxPool2d, maxPool2dGradient, maxPool2dKinks } from "./max_pool2d.ts";
import { numericalGradient } from "../../../../test/numerical_gradient.ts";
import type { Pool2dSettings } from "./pool_windows.ts";
import { tensor } from "./tensor.ts";

const oneToNine = tensor([1, 3, 3, 1], [1, 2, 3, 4, 5, 6, 7, 8, 9]);
const pool2: Pool2dSettings = { poolSize: [2, 2], strides: [2, 2], padding: "valid" };

test("takes the largest cell of each window, and tells which", (t) => {
  t.deepEqual(maxPool2d(oneToNine, { ...pool2, strides: [1, 1] }), {
    y: tensor([1, 2, 2, 1], [5, 6, 8, 9]),
    chosen: Int32Array.of(4, 5, 7, 8),
  });
});

test("leaves out the cells that fill no valid window", (t) => {
  t.deepEqual([...maxPool2d(oneToNine, pool2).y.data], [5]);
});

test("padding never wins, not even over negative cells", (t) => {
  const negative = tensor(
    oneToNine.shape,
    oneToNine.data.map((value) => -value),
  );
  const { y, chosen } = maxPool2d(negative, { ...pool2, padding: "same" });
  t.deepEqual([...y.data], [-1, -3, -7, -9]);
  t.deepEqual([...chosen], [0, 2, 6, 8]);
});

test("the first of equal cells wins", (t) => {
  t.deepEqual([...maxPool2d(tensor([1, 2, 2, 1], [3, 7, 7, 7]), pool2).chosen], [1]);
});

test("keeps channels and images apart", (t) => {
  const { y, chosen } = maxPool2d(tensor([2, 1, 2, 2], [1, 9, 5, 4, 8, 0, 6, 3]), { ...pool2, poolSize: [1, 2] });
  t.deepEqual([...y.data], [5, 9, 8, 3]);
  t.deepEqual([...chosen], [2, 1, 4, 7]);
});

test("the gradient goes to the winner, and adds up where windows overlap", (t) => {
  const x = tensor([1, 1, 3, 1], [1, 5, 2]);
  const { chosen } = maxPool2d(x, { poolSize: [1, 2], strides: [1, 1], padding: "valid" });
  t.deepEqual([...maxPool2dGradient(tensor([1, 1, 2, 1], [10, 1]), chosen, x.shape).data], [0, 11, 0]);
});

test("cells that lost by less than the tolerance are kinks; equal ones are not", (t) => {
  const x = tensor([1, 2, 2, 1], [-100, 1, 1, 0.9995]);
  const { chosen } = maxPool2d(x, pool2);
  t.deepEqual(maxPool2dKinks(x, pool2, chosen, 1e-5), [{ element: 0, alternative: 3 }]);
  t.deepEqual(maxPool2dKinks(x, pool2, chosen, 1e-6), []);
});

for (const [name, image, settings] of [
  ["2×2", [2, 5, 4, 3], pool2],
  ["overlapping, same padding", [1, 5, 6, 2], { poolSize: [3, 3], strides: [2, 1], padding: "same" }],
  ["stride > window", [2, 7, 5, 1], { poolSize: [1, 2], strides: [3, 3], padding: "valid" }],
] as const) {
  test(`the gradient is the finite difference: ${name}`, (t) => {
    const draw = new Draw(2);
    const size = tensor(image).data.length;
    const x = tensor(
      image,
      draw.order(size).map((place) => place / size),
    );
    const { y, chosen } = maxPool2d(x, settings);
    const dy = tensor(y.shape, draw.floats(y.data.length));
    const loss = () => maxPool2d(x, settings).y.data.reduce((sum, value, i) => sum + value * dy.data[i], 0);
    t.true(relativeDistance(maxPool2dGradient(dy, chosen, image).data, numericalGradient(loss, x.data)) < 1e-8);
  });
}
