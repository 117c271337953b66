import { readFileSync } from "node:fs";
import test from "ava";
import { Linker } from "./linker.ts";
import { panelBytes, type PanelVectors } from "./tiling.ts";
import { emitWinograd, winogradScratch, type WinogradShape } from "./winograd.ts";

interface Case {
  readonly images: number;
  readonly height: number;
  readonly width: number;
  readonly inputs: number;
  readonly filters: number;
  readonly pooled: boolean;
}

const cases: readonly Case[] = [
  { images: 2, height: 6, width: 8, inputs: 4, filters: 8, pooled: false },
  { images: 2, height: 7, width: 5, inputs: 3, filters: 5, pooled: false },
  { images: 1, height: 3, width: 17, inputs: 9, filters: 19, pooled: false },
  { images: 3, height: 13, width: 13, inputs: 16, filters: 32, pooled: true },
  { images: 2, height: 5, width: 8, inputs: 26, filters: 12, pooled: true },
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
const kernels = new WebAssembly.Module(readFileSync(new URL("../../wasm/replica.wasm", import.meta.url)));

/** Small multiples of 1/8: the transforms' halves and all sums are exact in float32. */
function values(length: number, factor: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length }, (_, i) => (((i * factor) % 17) - 8) / 8);
}

/** The input has a row and a column of zeros more, which the last tiles read where outputs are odd. */
function shapeOf({ height, width, inputs, filters, pooled }: Case): WinogradShape {
  const outputs = { rows: height - 2, columns: width - 2 };
  const rowBytes = (width + 1) * inputs * 4;
  const size = pooled ? Math.floor : Math.ceil;
  const rows = size(outputs.rows / 2);
  const columns = size(outputs.columns / 2);
  const written = pooled ? columns : outputs.columns;
  const below = written * filters * 4;
  return {
    rows,
    columns,
    inputs,
    inputPixel: inputs * 4,
    tapStride: rowBytes,
    inputRowStep: 2 * rowBytes,
    inputColumnStep: 2 * inputs * 4,
    inputImageStride: (height + 1) * rowBytes,
    outputRowStep: pooled ? below : 2 * below,
    outputColumnStep: pooled ? filters * 4 : 2 * filters * 4,
    outputImageStride: (pooled ? rows : outputs.rows) * below,
    outputBelow: below,
    outputBeside: filters * 4,
    channels: filters,
    relu: false,
    pooled,
    lastRows: pooled || outputs.rows % 2 === 0 ? 2 : 1,
    lastColumns: pooled || outputs.columns % 2 === 0 ? 2 : 1,
  };
}

for (const panelVectors of [2, 4] as const satisfies readonly PanelVectors[]) {
  const variant = panelVectors === 2 ? "narrow" : "wide";
  for (const [index, one] of cases.entries()) {
    test(`${variant} Winograd convolution ${index} gives every output and touches nothing else`, (t) => {
      const { images, height, width, inputs, filters, pooled } = one;
      const shape = shapeOf(one);
      t.true(winogradScratch(shape, panelVectors) < 1024 * 1024);
      const linker = new Linker(variant);
      const convolve = linker.add("convolve", emitWinograd(shape, panelVectors));
      const memory = new WebAssembly.Memory({ initial: 32 });
      linker.link(memory);
      const floats = new Float32Array(memory.buffer);
      const integers = new Int32Array(memory.buffer);
      const pixel = (n: number, y: number, x: number, c: number): number =>
        (((n * (height + 1) + y) * (width + 1) + x) * inputs + c) * 4;
      const real = values(images * height * width * inputs, 7);
      for (let i = 0; i < real.length; i++) {
        const c = i % inputs;
        const x = Math.floor(i / inputs) % width;
        const y = Math.floor(i / inputs / width) % height;
        floats[(at.input + pixel(Math.floor(i / inputs / width / height), y, x, c)) / 4] = real[i];
      }
      const weights = values(9 * inputs * filters, 5);
      floats.set(weights, at.source / 4);
      const bias = values(filters, 3);
      floats.set(bias, at.bias / 4);
      const pack = new WebAssembly.Instance(kernels, { env: { memory } }).exports["packWinograd"];
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an export of assembly/step/winograd.ts
      (pack as (...values: readonly number[]) => void)(
        at.source,
        inputs,
        filters,
        panelVectors * 4,
        at.weights,
        panelBytes(inputs, filters, panelVectors),
      );
      const rows = pooled ? shape.rows : height - 2;
      const columns = pooled ? shape.columns : width - 2;
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
      for (let i = 0; i < count; i++) {
        const k = i % filters;
        const x = Math.floor(i / filters) % columns;
        const y = Math.floor(i / filters / columns) % rows;
        const n = Math.floor(i / filters / columns / rows);
        if (!pooled) {
          t.is(floats[at.output / 4 + i], sum(n, y, x, k));
          continue;
        }
        const four = [0, 1, 2, 3].map((cell) => sum(n, 2 * y + (cell >> 1), 2 * x + (cell % 2), k));
        const largest = Math.max(...four);
        const first = four.indexOf(largest);
        t.is(floats[at.output / 4 + i], largest);
        t.is(integers[at.argmax / 4 + i], pixel(0, 2 * y + (first >> 1), 2 * x + (first % 2), 0));
      }
      t.deepEqual([...floats.subarray(at.output / 4 + count, at.output / 4 + count + 8)], Array(8).fill(99));
    });
  }
}
