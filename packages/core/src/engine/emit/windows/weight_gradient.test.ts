import test from "ava";
import { eighths } from "../../../../test/plain_convolution.ts";
import type { WeightGradientShape } from "../direct/weight_tiles.ts";
import { Linker } from "../module/linker.ts";
import type { PanelVectors } from "../tiles/tiling.ts";
import { emitWindowsWeightGradient, windowsWeightScratch } from "./weight_gradient.ts";

interface Case {
  readonly images: number;
  readonly rows: number;
  readonly columns: number;
  readonly kernel: readonly [number, number];
  readonly filters: number;
  readonly rowStride: number;
}

/** Floats at the end of each row of gradients, which count for nothing, and around the weights, which must stay as they are. */
const border = 3;
const untouched = 99;

/** Every kernel size from 1 to 7 and every number of filters from 1 to 12, over rows of 8 to 28 windows. */
const cases: readonly Case[] = Array.from({ length: 84 }, (_, i) => ({
  images: i % 3,
  rows: (i % 5) + 1,
  columns: 8 + ((i * 5) % 21),
  kernel: [(i % 7) + 1, ((i * 3) % 7) + 1],
  filters: (i % 12) + 1,
  rowStride: (i % 3) + 1,
}));

function shapeOf({ rows, columns, kernel, filters, rowStride }: Case): WeightGradientShape {
  const width = columns + kernel[1] - 1;
  const gradientRowStep = (columns * filters + border) * 4;
  return {
    rows,
    columns,
    inputRowStep: rowStride * width * 4,
    inputColumnStep: 4,
    inputImageStride: ((rows - 1) * rowStride + kernel[0]) * width * 4,
    gradientRowStep,
    gradientColumnStep: filters * 4,
    gradientImageStride: rows * gradientRowStep,
    taps: kernel[0],
    tapStride: width * 4,
    segment: kernel[1],
    channels: filters,
  };
}

/** What the kernel writes where the weights belong, and around, with the images at the very end of the memory. */
function writtenBy(one: Case, panelVectors: PanelVectors, images: Float32Array, gradients: Float32Array): number[] {
  const shape = shapeOf(one);
  const linker = new Linker(panelVectors === 2 ? "narrow" : "wide");
  const kernel = linker.add("gradient", emitWindowsWeightGradient(shape, panelVectors));
  const memory = new WebAssembly.Memory({ initial: 4 });
  linker.link(memory);
  const floats = new Float32Array(memory.buffer);
  const at = { gradient: 1024, target: 64 * 1024, scratch: 80 * 1024 };
  const input = memory.buffer.byteLength - images.byteLength;
  const weights = shape.taps * shape.segment * shape.channels;
  const scratchEnd = (at.scratch + windowsWeightScratch(shape, panelVectors)) / 4;
  // What scratch held before must not matter.
  floats.fill(NaN, at.scratch / 4, scratchEnd);
  floats.fill(untouched, scratchEnd, scratchEnd + border);
  floats.fill(untouched, at.target / 4 - border, at.target / 4 + weights + border);
  floats.set(images, input / 4);
  floats.set(gradients, at.gradient / 4);
  kernel.run(one.images, input, at.gradient, at.target, at.scratch);
  return [
    ...floats.subarray(at.target / 4 - border, at.target / 4 + weights + border),
    ...floats.subarray(scratchEnd, scratchEnd + border),
  ];
}

function expectedOf(one: Case, images: Float32Array, gradients: Float32Array): number[] {
  const { rows, columns, inputRowStep, inputImageStride, gradientRowStep, gradientImageStride, tapStride } =
    shapeOf(one);
  const [R, S] = one.kernel;
  const around = Array.from({ length: border }, () => untouched);
  const weights = Array.from({ length: R * S * one.filters }, (_, i) => {
    const [k, tap] = [i % one.filters, Math.floor(i / one.filters)];
    let sum = 0;
    for (let p = 0; p < one.images * rows * columns; p++) {
      const [x, y] = [p % columns, Math.floor(p / columns) % rows];
      const n = Math.floor(p / columns / rows);
      const pixel = (n * inputImageStride + y * inputRowStep + Math.floor(tap / S) * tapStride) / 4 + x + (tap % S);
      sum += images[pixel] * gradients[(n * gradientImageStride + y * gradientRowStep) / 4 + x * one.filters + k];
    }
    return sum;
  });
  return [...around, ...weights, ...around, ...around];
}

for (const panelVectors of [2, 4] as const satisfies readonly PanelVectors[]) {
  const variant = panelVectors === 2 ? "narrow" : "wide";
  test(`${variant}: gives every weight of images or none, reads nothing behind them, and touches nothing else`, (t) => {
    for (const one of cases) {
      const shape = shapeOf(one);
      const images = eighths((one.images * shape.inputImageStride) / 4, 7);
      const gradients = eighths((one.images * shape.gradientImageStride) / 4, 11);
      const written = writtenBy(one, panelVectors, images, gradients);
      t.deepEqual(written, expectedOf(one, images, gradients), JSON.stringify(one));
    }
  });
}
