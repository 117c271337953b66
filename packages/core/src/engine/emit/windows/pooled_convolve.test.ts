import test from "ava";
import { eighths } from "../../../../test/plain_convolution.ts";
import { Linker } from "../module/linker.ts";
import type { PooledShape } from "../pooled/pooled_shape.ts";
import type { PanelVectors } from "../tiles/tiling.ts";
import { emitPooledWindows, pooledWindowsScratchBytes } from "./pooled_convolve.ts";

interface Case {
  readonly images: number;
  /** Pools. */
  readonly rows: number;
  readonly columns: number;
  readonly kernel: readonly [number, number];
  readonly filters: number;
  readonly rowStride: number;
  readonly relu: boolean;
}

/** Floats at the end of each row of outputs, before and behind everything that is written, that must stay as they are. */
const border = 3;
const untouched = 99;

/** Every kernel size from 1 to 7 and every number of filters from 1 to 12, over rows of 4 to 14 pools. */
const cases: readonly Case[] = Array.from({ length: 84 }, (_, i) => ({
  images: (i % 2) + 1,
  rows: (i % 3) + 1,
  columns: 4 + ((i * 3) % 11),
  kernel: [(i % 7) + 1, ((i * 3) % 7) + 1],
  filters: (i % 12) + 1,
  rowStride: (i % 3) + 1,
  relu: i % 4 === 0,
}));

/** An image has a column that no pool uses, as images of an odd width have. */
function sizesOf({ rows, columns, kernel, rowStride }: Case): { height: number; width: number } {
  return { height: (2 * rows - 1) * rowStride + kernel[0], width: 2 * columns + kernel[1] };
}

function shapeOf(one: Case): PooledShape {
  const { rows, columns, kernel, filters, rowStride, relu } = one;
  const { height, width } = sizesOf(one);
  const rowStep = rowStride * width * 4;
  const outputRowStep = (columns * filters + border) * 4;
  return {
    rows,
    columns,
    inputRowStep: 2 * rowStep,
    inputColumnStep: 8,
    inputImageStride: height * width * 4,
    outputRowStep,
    outputColumnStep: filters * 4,
    outputImageStride: rows * outputRowStep,
    cells: [0, 4, rowStep, rowStep + 4],
    taps: kernel[0],
    tapStride: width * 4,
    segment: kernel[1],
    channels: filters,
    clip: relu ? Infinity : undefined,
  };
}

interface Result {
  readonly maxima: number[];
  readonly argmax: number[];
}

/** Runs the kernel with the images at the very end of the memory: reading on would trap. Gives what is around as well. */
function resultOf(one: Case, panelVectors: PanelVectors, images: Float32Array, weights: Float32Array): Result {
  const shape = shapeOf(one);
  const linker = new Linker(panelVectors === 2 ? "narrow" : "wide");
  const kernel = linker.add("windows", emitPooledWindows(shape, panelVectors));
  const memory = new WebAssembly.Memory({ initial: 4 });
  linker.link(memory);
  const floats = new Float32Array(memory.buffer);
  const integers = new Int32Array(memory.buffer);
  const at = { weights: 64, bias: 16 * 1024, scratch: 17 * 1024, output: 64 * 1024, argmax: 96 * 1024 };
  floats.set(images, (memory.buffer.byteLength - images.byteLength) / 4);
  floats.set(weights, at.weights / 4);
  floats.set(eighths(one.filters, 3), at.bias / 4);
  const outputs = (one.images * shape.outputImageStride) / 4;
  const pools = one.images * one.rows * one.columns * one.filters;
  const scratchEnd = (at.scratch + pooledWindowsScratchBytes(shape, panelVectors)) / 4;
  floats.fill(untouched, at.output / 4 - border, at.output / 4 + outputs);
  floats.fill(untouched, scratchEnd, scratchEnd + border);
  integers.fill(untouched, at.argmax / 4 - border, at.argmax / 4 + pools + border);
  const input = memory.buffer.byteLength - images.byteLength;
  kernel.run(one.images, input, at.weights, at.bias, at.output, at.argmax, at.scratch);
  const beyond = floats.subarray(scratchEnd, scratchEnd + border);
  return {
    maxima: [...beyond, ...floats.subarray(at.output / 4 - border, at.output / 4 + outputs)],
    argmax: [...integers.subarray(at.argmax / 4 - border, at.argmax / 4 + pools + border)],
  };
}

/** Pool after pool: the first of its greatest windows, and the bytes from the image's start to it, or -1 behind a shut relu. */
function expectedOf(one: Case, images: Float32Array, weights: Float32Array): Result {
  const { inputImageStride, inputRowStep, inputColumnStep, cells, tapStride } = shapeOf(one);
  const { rows, columns, kernel, filters, relu } = one;
  const bias = eighths(filters, 3);
  const around = Array.from({ length: border }, () => untouched);
  const maxima = [...around, ...around];
  const argmax = [...around];
  for (let i = 0; i < one.images * rows * columns * filters; i++) {
    const [k, pool] = [i % filters, Math.floor(i / filters)];
    const [x, y] = [pool % columns, Math.floor(pool / columns) % rows];
    const n = Math.floor(pool / columns / rows);
    let [best, winner] = [-Infinity, 0];
    for (const cell of cells) {
      const window = y * inputRowStep + x * inputColumnStep + cell;
      let sum = bias[k];
      for (let tap = 0; tap < kernel[0] * kernel[1]; tap++) {
        const offset = n * inputImageStride + window + Math.floor(tap / kernel[1]) * tapStride;
        sum += images[offset / 4 + (tap % kernel[1])] * weights[tap * filters + k];
      }
      if (sum > best) [best, winner] = [sum, window];
    }
    maxima.push(relu ? Math.max(best, 0) : best);
    argmax.push(relu && best <= 0 ? -1 : winner);
    if (k === filters - 1 && x === columns - 1) maxima.push(...around);
  }
  return { maxima, argmax: [...argmax, ...around] };
}

for (const panelVectors of [2, 4] as const satisfies readonly PanelVectors[]) {
  const variant = panelVectors === 2 ? "narrow" : "wide";
  test(`${variant}: gives every maximum and its first place, reads nothing behind the images, and touches nothing else`, (t) => {
    for (const one of cases) {
      const { height, width } = sizesOf(one);
      // Few different values, so that pools are tied.
      const images = eighths(one.images * height * width, 7).map((value) => Math.round(value * 2) / 2);
      const weights = eighths(one.kernel[0] * one.kernel[1] * one.filters, 5).map((value) => Math.round(value));
      t.deepEqual(resultOf(one, panelVectors, images, weights), expectedOf(one, images, weights), JSON.stringify(one));
    }
  });

  test(`${variant}: a maximum that is NaN is not taken for one behind a shut relu`, (t) => {
    const one = cases.find(({ relu }) => relu)!;
    const { height, width } = sizesOf(one);
    const images = eighths(one.images * height * width, 7);
    const weights = eighths(one.kernel[0] * one.kernel[1] * one.filters, 5);
    for (let i = 0; i < weights.length; i += one.filters) weights[i] = NaN;
    const { maxima, argmax } = resultOf(one, panelVectors, images, weights);
    const ofFirst = argmax.slice(border, -border).filter((_, i) => i % one.filters === 0);
    t.true(maxima.some((maximum) => Number.isNaN(maximum)));
    t.true(ofFirst.every((winner) => winner >= 0));
  });
}
