import test from "ava";
import { Draw } from "../../../../test/draw.ts";
import { randomWindow, type RandomWindow } from "../../../../test/random_window.ts";
import { windowGeometry } from "../../../network/layers/window.ts";
import { averagePool2d, averagePool2dGradient } from "../../verify/reference/average_pool2d.ts";
import { relativeDistance } from "../../verify/reference/closeness.ts";
import { maxPool2d, maxPool2dGradient } from "../../verify/reference/max_pool2d.ts";
import { tensor } from "../../verify/reference/tensor.ts";
import { emitAveragePool, emitAveragePoolGradient } from "./average_pool.ts";
import { Linker } from "../module/linker.ts";
import { emitMaxPool, emitMaxPoolGradient } from "./max_pool.ts";
import type { PoolAxis, PoolShape } from "./pool_shape.ts";

const memory = new WebAssembly.Memory({ initial: 32 });
const floats = new Float32Array(memory.buffer);
const at = { input: 1024, inputGradient: 512 * 1024, output: 1024 * 1024, winners: 1536 * 1024 };

function axis(size: number, kernel: number, stride: number, padding: RandomWindow["padding"]): PoolAxis {
  const { padBefore, outputSize } = windowGeometry(size, kernel, stride, padding);
  return { size, kernel, stride, padBefore, positions: outputSize };
}

/** Outputs have a pixel to spare in each row and a row in each image, for the padding of a layer that reads them. */
function shapeOf({ shape, window, strides, padding }: RandomWindow): PoolShape {
  const [, height, width, channels] = shape;
  const vertical = axis(height, window[0], strides[0], padding);
  const horizontal = axis(width, window[1], strides[1], padding);
  const outputRowStride = (horizontal.positions + 1) * channels * 4;
  return {
    channels,
    vertical,
    horizontal,
    inputRowStride: width * channels * 4,
    inputImageStride: height * width * channels * 4,
    outputRowStride,
    outputImageStride: (vertical.positions + 1) * outputRowStride,
  };
}

/** Indices, among the floats of the memory, of the outputs in their order. */
function places(images: number, shape: PoolShape): number[] {
  const { channels, vertical, horizontal, outputRowStride, outputImageStride } = shape;
  const row = horizontal.positions * channels;
  return Array.from({ length: images * vertical.positions * row }, (_, i) => {
    const [y, n] = [Math.floor(i / row) % vertical.positions, Math.floor(i / row / vertical.positions)];
    return (at.output + n * outputImageStride + y * outputRowStride) / 4 + (i % row);
  });
}

interface Pooled {
  readonly y: number[];
  readonly dx: number[];
  /** What the kernels found beside their outputs and changed. */
  readonly touched: number;
}

function pool(kind: "max" | "average", one: RandomWindow, x: ArrayLike<number>, dy: ArrayLike<number>): Pooled {
  const shape = shapeOf(one);
  const linker = new Linker("narrow");
  const forward = linker.add("forward", (kind === "max" ? emitMaxPool : emitAveragePool)(shape));
  const gradient = linker.add("gradient", (kind === "max" ? emitMaxPoolGradient : emitAveragePoolGradient)(shape));
  linker.link(memory);
  const [images] = one.shape;
  floats.fill(99).set(x, at.input / 4);
  const outputs = places(images, shape);
  forward.run(images, at.input, at.output, at.winners);
  const y = outputs.map((place) => floats[place]);
  for (const [i, place] of outputs.entries()) floats[place] = dy[i];
  gradient.run(images, at.inputGradient, at.output, at.winners);
  const dx = [...floats.subarray(at.inputGradient / 4, at.inputGradient / 4 + x.length)];
  for (const place of outputs) floats[place] = 99;
  floats.fill(99, at.input / 4, at.input / 4 + x.length);
  floats.fill(99, at.inputGradient / 4, at.inputGradient / 4 + x.length);
  if (kind === "max") floats.fill(99, at.winners / 4, at.winners / 4 + y.length);
  let touched = 0;
  for (let i = 0; i < floats.length; i++) if (floats[i] !== 99) touched++;
  return { y, dx, touched };
}

/** Shapes of networks that people train, and what random small ones do not have: many channels, large windows. */
const known: readonly RandomWindow[] = [
  { shape: [2, 28, 28, 6], window: [2, 2], strides: [2, 2], padding: "valid" },
  { shape: [1, 12, 12, 40], window: [3, 3], strides: [2, 2], padding: "same" },
  { shape: [2, 8, 8, 64], window: [8, 8], strides: [8, 8], padding: "valid" },
  { shape: [2, 9, 11, 19], window: [5, 5], strides: [1, 1], padding: "same" },
  { shape: [2, 6, 5, 3], window: [9, 9], strides: [1, 1], padding: "same" },
  { shape: [1, 7, 20, 22], window: [2, 3], strides: [3, 4], padding: "same" },
];

for (const kind of ["max", "average"] as const) {
  test(`the ${kind} pool and its gradient are the reference's on any shape, and touch nothing else`, (t) => {
    const draw = new Draw(3);
    for (const one of [...known, ...Array.from({ length: 400 }, () => randomWindow(draw))]) {
      const { shape, window: poolSize, strides, padding } = one;
      // Multiples of 1/8 and few of them: ties are frequent, and a sum of cells is exact.
      const x = Array.from({ length: shape.reduce((a, b) => a * b) }, () => draw.integer(-6, 6) / 8);
      const settings = { poolSize, strides, padding };
      const input = tensor(shape, x);
      const { y, chosen } = maxPool2d(input, settings);
      const expected = kind === "max" ? y : averagePool2d(input, settings);
      const dy = tensor(expected.shape, Float32Array.from(draw.floats(expected.data.length)));
      const found = pool(kind, one, x, dy.data);
      t.deepEqual(found.y, Array.from(expected.data, Math.fround), JSON.stringify(one));
      const dx = kind === "max" ? maxPool2dGradient(dy, chosen, shape) : averagePool2dGradient(input, dy, settings);
      t.true(relativeDistance(found.dx, dx.data) < 1e-6, JSON.stringify(one));
      t.is(found.touched, 0, JSON.stringify(one));
    }
  });

  test(`NaN travels through the ${kind} pool and back, wherever it stands in the window`, (t) => {
    for (const strides of [1, 2]) {
      for (let place = 0; place < 4; place++) {
        const one: RandomWindow = {
          shape: [1, 2, 2, 1],
          window: [2, 2],
          strides: [strides, strides],
          padding: "valid",
        };
        const x = [-1, 2, 3, -4].map((value, i) => (i === place ? NaN : value));
        t.deepEqual(pool(kind, one, x, [5]).y, [NaN]);
        const share = kind === "max" ? [0, 1, 2, 3].map((i) => (i === place ? NaN : 0)) : [NaN, NaN, NaN, NaN];
        t.deepEqual(pool(kind, one, x, [NaN]).dx, share);
      }
    }
  });
}

test("of equal cells the first wins, and windows that overlap add up", (t) => {
  // Rows 5 5 1 and 5 2 2: the windows are 5 5 / 5 2 and 5 1 / 2 2.
  const one: RandomWindow = { shape: [1, 2, 3, 1], window: [2, 2], strides: [1, 1], padding: "valid" };
  const x = [5, 5, 1, 5, 2, 2];
  t.deepEqual(pool("max", one, x, [10, 20]), { y: [5, 5], dx: [10, 20, 0, 0, 0, 0], touched: 0 });
  t.deepEqual(pool("average", one, x, [4, 8]), { y: [4.25, 2.5], dx: [1, 3, 2, 1, 3, 2], touched: 0 });
});

test("padding is no cell: it neither wins nor counts", (t) => {
  // Windows of 3 at -1, 1 and 3 on five cells: of two, three and two cells.
  const one: RandomWindow = { shape: [1, 1, 5, 1], window: [1, 3], strides: [1, 2], padding: "same" };
  const x = [-2, -4, -3, -9, -1];
  t.deepEqual(pool("max", one, x, [1, 2, 3]), { y: [-2, -3, -1], dx: [1, 0, 2, 0, 3], touched: 0 });
  const expected = { y: [-3, Math.fround(-16 / 3), -5], dx: [1, 2, 1, 4, 3], touched: 0 };
  t.deepEqual(pool("average", one, x, [2, 3, 6]), expected);
});
