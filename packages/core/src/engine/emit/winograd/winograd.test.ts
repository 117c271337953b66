import test from "ava";
import { compileKernels } from "../../backend/compile_kernels.ts";
import { type ConvolutionSizes, eighths } from "../../../../test/plain_convolution.ts";
import { type KernelVariant, Linker } from "../module/linker.ts";
import type { PanelVectors } from "../tiles/tiling.ts";
import { emitWinograd } from "./winograd.ts";
import { poolsOf, winogradLayout, type WinogradShape } from "./shape.ts";
import type { WinogradTile } from "./transforms.ts";

interface Case extends ConvolutionSizes {
  readonly pooled: boolean;
}

const cases: readonly Case[] = [
  { images: 2, height: 6, width: 8, inputs: 4, filters: 8, pooled: false },
  { images: 2, height: 7, width: 5, inputs: 3, filters: 5, pooled: false },
  { images: 1, height: 3, width: 17, inputs: 9, filters: 19, pooled: false },
  { images: 3, height: 13, width: 13, inputs: 16, filters: 32, pooled: true },
  { images: 2, height: 5, width: 8, inputs: 26, filters: 12, pooled: true },
  { images: 1, height: 18, width: 12, inputs: 5, filters: 16, pooled: true },
];

const at = {
  source: 64,
  input: 64 * 1024,
  weights: 256 * 1024,
  bias: 512 * 1024,
  output: 520 * 1024,
  argmax: 800 * 1024,
  scratch: 1024 * 1024,
};
const kernels = compileKernels("replica");

/** Zeros behind each row and column of the input, which the last tiles read. */
const behind = 3;

function shapeOf({ height, width, inputs, filters, pooled }: Case, tile: WinogradTile): WinogradShape {
  const side = pooled ? 2 : 1;
  const most = tile / side;
  const rows = Math.floor((height - 2) / side);
  const columns = Math.floor((width - 2) / side);
  const rowBytes = (width + behind) * inputs * 4;
  return {
    tile,
    rows: Math.ceil(rows / most),
    columns: Math.ceil(columns / most),
    lastRows: (rows % most || most) * side,
    lastColumns: (columns % most || most) * side,
    inputs,
    inputPixel: inputs * 4,
    tapStride: rowBytes,
    inputRowStep: tile * rowBytes,
    inputColumnStep: tile * inputs * 4,
    inputImageStride: (height + behind) * rowBytes,
    outputRowStep: most * columns * filters * 4,
    outputColumnStep: most * filters * 4,
    outputImageStride: rows * columns * filters * 4,
    outputBelow: columns * filters * 4,
    outputBeside: filters * 4,
    channels: filters,
    clip: pooled ? Infinity : undefined,
    pooled,
  };
}

const variants = [
  ["narrow", 2, 2],
  ["wide", 4, 2],
  ["narrow", 2, 4],
  ["wide", 4, 4],
] as const satisfies readonly (readonly [KernelVariant, PanelVectors, WinogradTile])[];

for (const [variant, panelVectors, tile] of variants) {
  for (const [index, one] of cases.entries()) {
    test(`${variant} Winograd convolution ${index} in tiles of ${tile}×${tile} gives every output and touches nothing else`, (t) => {
      const { images, height, width, inputs, filters, pooled } = one;
      const shape = shapeOf(one, tile);
      const { scratchBytes, weightPlace } = winogradLayout(shape, panelVectors);
      t.true(scratchBytes < 1024 * 1024);
      const linker = new Linker(variant);
      const convolve = linker.add("convolve", emitWinograd(shape, panelVectors));
      const memory = new WebAssembly.Memory({ initial: 32 });
      linker.link(memory);
      const floats = new Float32Array(memory.buffer);
      const integers = new Int32Array(memory.buffer);
      const pixel = (n: number, y: number, x: number, c: number): number =>
        (((n * (height + behind) + y) * (width + behind) + x) * inputs + c) * 4;
      const real = eighths(images * height * width * inputs, 7);
      for (let i = 0; i < real.length; i++) {
        const c = i % inputs;
        const x = Math.floor(i / inputs) % width;
        const y = Math.floor(i / inputs / width) % height;
        floats[(at.input + pixel(Math.floor(i / inputs / width / height), y, x, c)) / 4] = real[i];
      }
      const weights = eighths(9 * inputs * filters, 5);
      floats.set(weights, at.source / 4);
      const bias = eighths(filters, 3);
      floats.set(bias, at.bias / 4);
      const pack = new WebAssembly.Instance(kernels, { env: { memory } }).exports["packWinograd"];
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an export of assembly/step/winograd.ts
      (pack as (...values: readonly number[]) => void)(
        at.source,
        inputs,
        filters,
        panelVectors * 4,
        at.weights,
        weightPlace,
        tile + 2,
      );
      const [rows, columns] = pooled ? poolsOf(shape) : [height - 2, width - 2];
      const count = images * rows * columns * filters;
      floats.fill(99, at.output / 4, at.output / 4 + count + 8);
      convolve.run(images, at.input, at.weights, at.bias, at.output, at.argmax, at.scratch);

      const sum = (n: number, y: number, x: number, k: number): number => {
        let total = bias[k];
        for (let i = 0; i < 9 * inputs; i++) {
          const tap = Math.floor(i / inputs);
          const value = floats[(at.input + pixel(n, y + Math.floor(tap / 3), x + (tap % 3), i % inputs)) / 4];
          total += value * weights[i * filters + k];
        }
        return total;
      };
      // The filter's sixths are not exact.
      const close = (value: number, expected: number): boolean => Math.abs(value - expected) <= (tile === 2 ? 0 : 1e-4);
      for (let i = 0; i < count; i++) {
        const k = i % filters;
        const x = Math.floor(i / filters) % columns;
        const y = Math.floor(i / filters / columns) % rows;
        const n = Math.floor(i / filters / columns / rows);
        const value = floats[at.output / 4 + i];
        if (!pooled) {
          t.true(close(value, sum(n, y, x, k)));
          continue;
        }
        const four = [0, 1, 2, 3].map((cell) => sum(n, 2 * y + (cell >> 1), 2 * x + (cell % 2), k));
        const largest = Math.max(...four);
        t.true(close(value, Math.max(largest, 0)));
        if (largest <= 0) {
          t.true(integers[at.argmax / 4 + i] === -1 || (tile === 4 && close(largest, 0)));
          continue;
        }
        const first = four.findIndex((cell) => close(cell, largest));
        const winner = [0, 1, 2, 3].find((cell) => {
          return integers[at.argmax / 4 + i] === pixel(0, 2 * y + (cell >> 1), 2 * x + (cell % 2), 0);
        });
        if (tile === 2) t.is(winner, first);
        else t.true(winner !== undefined && close(four[winner], largest));
      }
      t.deepEqual([...floats.subarray(at.output / 4 + count, at.output / 4 + count + 8)], Array(8).fill(99));
    });
  }
}
