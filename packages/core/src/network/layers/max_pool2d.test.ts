import test from "ava";
import { maxPool2d } from "./max_pool2d.ts";
import { buildLayers } from "./build.ts";
import type { Shape } from "./shape.ts";
import type { Pool2dOptions } from "./pooling.ts";

const built = (input: Shape, options?: Pool2dOptions) => buildLayers(input, [maxPool2d(options)])[0];

test("pools 2 x 2 by default, and steps by its window", (t) => {
  t.deepEqual(maxPool2d(), { kind: "maxPool2d", poolSize: [2, 2], strides: [2, 2], padding: "valid" });
  t.deepEqual(maxPool2d({ poolSize: [3, 1] }).strides, [3, 1]);
  t.deepEqual(maxPool2d({ poolSize: 3, strides: [1, 2] }).strides, [1, 2]);
});

test("leaves out the rows and columns that no whole window reaches", (t) => {
  const layer = built([11, 11, 32]);
  t.deepEqual(layer.outputShape, [5, 5, 32]);
  t.deepEqual(layer.parameters, []);
  // Three comparisons a window.
  t.is(layer.flops, 3 * 800);
});

test("odd shapes: 1 x 1, a stride above the window, not square, padding same", (t) => {
  t.deepEqual(built([1, 1, 3], { poolSize: 1 }).outputShape, [1, 1, 3]);
  t.deepEqual(built([9, 7, 2], { poolSize: 2, strides: 3 }).outputShape, [3, 2, 2]);
  t.deepEqual(built([6, 5, 1], { poolSize: [3, 1] }).outputShape, [2, 5, 1]);
  t.deepEqual(built([5, 1, 2], { padding: "same" }).outputShape, [3, 1, 2]);
  t.deepEqual(built([2, 2, 1], { poolSize: 5, strides: 1, padding: "same" }).outputShape, [2, 2, 1]);
});

test("refuses an input smaller than the window", (t) => {
  t.throws(() => built([1, 4, 1]), {
    code: "LAYER_SHAPE",
    message: /maxPool2d_1: its window of 2 x 2 is larger than the input, \[1, 4, 1\]. Use a window of at most 1 x 4/,
  });
});

test("refuses a row of features", (t) => {
  t.throws(() => built([100]), { code: "LAYER_SHAPE", message: /maxPool2d_1 needs an image.* \[100\] came in/ });
});

const bad: [options: object, message: RegExp][] = [
  [{ poolSize: 0 }, /maxPool2d: poolSize must be a whole number from 1, or a pair .* got 0/],
  [{ poolSize: [2, 2.5] }, /poolSize .* got \[2, 2.5\]/],
  [{ strides: "2" }, /strides .* got "2"/],
  [{ padding: 1 }, /padding must be "valid" or "same"; got 1/],
  [{ pool_size: 2 }, /maxPool2d has no option pool_size; it takes poolSize, strides, padding/],
];
for (const [options, message] of bad) {
  test(`refuses ${JSON.stringify(options)}`, (t) => {
    t.throws(() => maxPool2d(options), { code: "LAYER_OPTION", message });
  });
}
