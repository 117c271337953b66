import test from "ava";
import { buildLayers } from "./build.ts";
import { conv2d } from "./conv2d.ts";
import type { Conv2dOptions } from "./conv2d.ts";
import type { Shape } from "./shape.ts";

const built = (input: Shape, options: Conv2dOptions) => buildLayers(input, [conv2d(options)])[0];

test("fills in the defaults, and makes pairs of numbers", (t) => {
  t.deepEqual(conv2d({ filters: 16, kernelSize: 3 }), {
    kind: "conv2d",
    filters: 16,
    kernelSize: [3, 3],
    strides: [1, 1],
    padding: "valid",
    activation: "linear",
    useBias: true,
    kernelInitializer: "glorotUniform",
    biasInitializer: "zeros",
  });
});

test("keeps every option it is given", (t) => {
  const options = {
    filters: 2,
    kernelSize: [3, 5],
    strides: [2, 1],
    padding: "same",
    activation: "relu",
    useBias: false,
    kernelInitializer: "heUniform",
    biasInitializer: "pytorch",
  } as const;
  t.deepEqual(conv2d(options), { kind: "conv2d", ...options });
});

test("does not keep the caller's array", (t) => {
  const kernelSize: [number, number] = [3, 5];
  const layer = conv2d({ filters: 1, kernelSize });
  kernelSize[0] = 0;
  t.deepEqual(layer.kernelSize, [3, 5]);
});

test("shape, parameters and FLOPs of the seed network's second convolution", (t) => {
  const layer = built([13, 13, 16], { filters: 32, kernelSize: 3, activation: "relu" });
  t.deepEqual(layer.outputShape, [11, 11, 32]);
  t.deepEqual(
    layer.parameters.map(({ name, shape, offset, size, fanIn, fanOut }) => [name, shape, offset, size, fanIn, fanOut]),
    [
      ["conv2d_1/kernel", [3, 3, 16, 32], 0, 4608, 144, 288],
      ["conv2d_1/bias", [32], 4608, 32, 144, 288],
    ],
  );
  // 144 multiply-adds, a bias and a relu for each of 11 * 11 * 32 values.
  t.is(layer.flops, (2 * 144 + 2) * 3872);
});

test("without bias and activation there is only the product", (t) => {
  const layer = built([5, 7, 3], { filters: 2, kernelSize: [1, 3], useBias: false });
  t.deepEqual(layer.outputShape, [5, 5, 2]);
  t.deepEqual(
    layer.parameters.map(({ shape }) => shape),
    [[1, 3, 3, 2]],
  );
  t.is(layer.flops, 2 * 9 * 50);
});

test("odd shapes: 1 x 1, a stride above the kernel, not square, padding same", (t) => {
  t.deepEqual(built([1, 1, 1], { filters: 1, kernelSize: 1 }).outputShape, [1, 1, 1]);
  t.deepEqual(built([9, 7, 2], { filters: 4, kernelSize: 2, strides: 3 }).outputShape, [3, 2, 4]);
  t.deepEqual(built([10, 4, 1], { filters: 1, kernelSize: [5, 2], strides: [1, 2] }).outputShape, [6, 2, 1]);
  t.deepEqual(built([2, 3, 1], { filters: 1, kernelSize: 7, padding: "same" }).outputShape, [2, 3, 1]);
  t.deepEqual(built([9, 7, 1], { filters: 1, kernelSize: 3, strides: 2, padding: "same" }).outputShape, [5, 4, 1]);
});

test("refuses an input smaller than the kernel", (t) => {
  t.throws(() => built([4, 9, 1], { filters: 1, kernelSize: 5 }), {
    code: "LAYER_SHAPE",
    message:
      "LAYER_SHAPE: conv2d_1: its window of 5 x 5 is larger than the input, [4, 9, 1]. " +
      'Use a window of at most 4 x 9, or padding "same".',
  });
});

test("refuses a row of features", (t) => {
  t.throws(() => built([100], { filters: 1, kernelSize: 1 }), {
    code: "LAYER_SHAPE",
    message: /conv2d_1 needs an image, \[height, width, channels\]; \[100\] came in/,
  });
});

const bad: [options: object, message: RegExp][] = [
  [{ kernelSize: 3 }, /filters must be a whole number .* it is missing/],
  [{ filters: 0, kernelSize: 3 }, /filters must be a whole number from 1 .* got 0/],
  [{ filters: 1.5, kernelSize: 3 }, /filters .* got 1.5/],
  [{ filters: "16", kernelSize: 3 }, /filters .* got "16"/],
  [{ filters: 2 ** 31, kernelSize: 3 }, /filters .* got 2147483648/],
  [{ filters: NaN, kernelSize: 3 }, /filters .* got NaN/],
  [{ filters: 1 }, /kernelSize must be a whole number from 1, or a pair .* it is missing/],
  [{ filters: 1, kernelSize: [3] }, /kernelSize .* got \[3\]/],
  [{ filters: 1, kernelSize: [3, 0] }, /kernelSize .* got \[3, 0\]/],
  [{ filters: 1, kernelSize: [3, 3, 3] }, /kernelSize .* got \[3, 3, 3\]/],
  [{ filters: 1, kernelSize: 3, strides: -1 }, /strides .* got -1/],
  [{ filters: 1, kernelSize: 3, padding: "full" }, /padding must be "valid" or "same"; got "full"/],
  [{ filters: 1, kernelSize: 3, activation: "tanh" }, /activation must be "linear" or "relu" .*; got "tanh"/],
  [{ filters: 1, kernelSize: 3, useBias: 1 }, /useBias must be true or false; got 1/],
  [{ filters: 1, kernelSize: 3, kernelInitializer: "ones" }, /kernelInitializer must be "zeros" or .* got "ones"/],
  [{ filters: 1, kernelSize: 3, biasInitializer: 0 }, /biasInitializer .* got 0/],
  [{ filters: 1, kernelSize: 3, dilationRate: 2 }, /conv2d has no option dilationRate; it takes filters, kernelSize/],
  [[3], /conv2d takes an object of options; got \[3\]/],
];
for (const [options, message] of bad) {
  test(`refuses ${JSON.stringify(options)} ${message.source}`, (t) => {
    // @ts-expect-error -- the types refuse it too
    t.throws(() => conv2d(options), { code: "LAYER_OPTION", message });
  });
}
