import test from "ava";
import { buildLayers } from "./build.ts";
import { conv2d } from "./conv2d.ts";
import { dense } from "./dense.ts";
import { flatten } from "./flatten.ts";
import type { Layer } from "./layers.ts";
import type { Shape } from "./shape.ts";
import { maxPool2d } from "./max_pool2d.ts";
import { relu } from "../activations/relu.ts";
import { mostLayers, mostValues } from "./size.ts";

const largest = 2 ** 31 - 1;

const tooLarge: [string, Shape, Layer[], RegExp][] = [
  [
    "too many filters",
    [28, 28, 1],
    [conv2d({ filters: 2 ** 28, kernelSize: 3 })],
    /conv2d_1, from .* 134217728 values/,
  ],
  [
    "numbers whose product no float holds",
    [largest, largest, largest],
    [conv2d({ filters: largest, kernelSize: 1 })],
    /conv2d_1/,
  ],
  ["too many units", [4], [dense({ units: largest })], /dense_1, from \[4\] to \[2147483647\]/],
  ["layers that are too much together", [1024, 1024, 64], [relu(), relu()], /relu_2, .* than 134217728 values/],
  [
    "a border that is larger than the image",
    [1, 2 ** 24, 1],
    [maxPool2d({ poolSize: [1024, 1], padding: "same", strides: 1 })],
    /maxPool2d_1/,
  ],
  [
    "more arithmetic than anyone waits for",
    [256, 256, 512],
    [conv2d({ filters: 512, kernelSize: 64, padding: "same" })],
    /conv2d_1 makes it more than 1099511627776 floating-point operations/,
  ],
  ["too many layers", [2], Array.from({ length: mostLayers + 1 }, () => relu()), /has 1025 layers; 1024 are the most/],
];
for (const [what, inputShape, layers, says] of tooLarge) {
  test(`refuses ${what} before anything is allocated`, (t) => {
    t.throws(() => buildLayers(inputShape, layers), { code: "MODEL_SIZE", message: says });
  });
}

test("takes as many values and layers as are allowed", (t) => {
  t.is(buildLayers([1, 1, mostValues], [flatten()]).length, 1);
  t.is(
    buildLayers(
      [2],
      Array.from({ length: mostLayers }, () => relu()),
    ).length,
    mostLayers,
  );
});

test("refuses windows of more cells than there is code for", (t) => {
  t.notThrows(() => [conv2d({ filters: 1, kernelSize: 128 }), maxPool2d({ poolSize: [1, 2 ** 20] })]);
  for (const make of [
    () => conv2d({ filters: 1, kernelSize: [129, 128] }),
    () => conv2d({ filters: 1, kernelSize: largest }),
    () => maxPool2d({ poolSize: 1025 }),
  ]) {
    t.throws(make, { code: "LAYER_OPTION", message: /at most (16384|1048576) cells in all; got/ });
  }
});
