import test from "ava";
import { type ConvolutionSizes, eighths } from "../../../../test/plain_convolution.ts";
import { Linker } from "../module/linker.ts";
import { emitWinogradWeightGradient, winogradWeightScratch, type WinogradWeightShape } from "./weight_gradient.ts";

const cases: readonly ConvolutionSizes[] = [
  { images: 1, height: 6, width: 6, inputs: 1, filters: 8 },
  { images: 2, height: 10, width: 14, inputs: 4, filters: 16 },
  { images: 3, height: 9, width: 7, inputs: 7, filters: 5 },
  { images: 2, height: 18, width: 18, inputs: 16, filters: 35 },
  { images: 0, height: 6, width: 6, inputs: 2, filters: 3 },
  // A wide panel of sixteen with a vector to spare, alone and behind a full one.
  { images: 2, height: 10, width: 10, inputs: 3, filters: 9 },
  { images: 2, height: 7, width: 11, inputs: 14, filters: 12 },
  { images: 3, height: 10, width: 6, inputs: 18, filters: 27 },
];

const at = { input: 1024, gradient: 256 * 1024, target: 512 * 1024, scratch: 1024 * 1024 };

/** Zeros behind each row and column, which the last tiles read. */
const behind = 3;

function shapeOf({ height, width, inputs, filters }: ConvolutionSizes): WinogradWeightShape {
  const inputRow = (width + behind) * inputs * 4;
  const gradientRow = (width - 2 + behind) * filters * 4;
  return {
    rows: Math.ceil((height - 2) / 4),
    columns: Math.ceil((width - 2) / 4),
    inputs,
    channels: filters,
    inputPixel: inputs * 4,
    tapStride: inputRow,
    inputColumnStep: 4 * inputs * 4,
    inputRowStep: 4 * inputRow,
    inputImageStride: (height + behind) * inputRow,
    gradientPixel: filters * 4,
    gradientBelow: gradientRow,
    outputColumnStep: 4 * filters * 4,
    outputRowStep: 4 * gradientRow,
    outputImageStride: (height - 2 + behind) * gradientRow,
  };
}

/** Puts images into memory with zeros behind each row and column. */
function place(
  floats: Float32Array,
  address: number,
  [images, height, width, channels]: readonly number[],
  data: Float32Array,
): void {
  for (let row = 0; row < images * height; row++) {
    const to = (Math.floor(row / height) * (height + behind) + (row % height)) * (width + behind) * channels;
    floats.set(data.subarray(row * width * channels, (row + 1) * width * channels), address / 4 + to);
  }
}

for (const [variant, panelVectors] of [
  ["narrow", 2],
  ["wide", 4],
] as const) {
  for (const [index, one] of cases.entries()) {
    test(`${variant} Winograd weight gradient ${index} gives every weight and touches nothing else`, (t) => {
      const { images, height, width, inputs, filters } = one;
      const shape = shapeOf(one);
      t.true(winogradWeightScratch(shape, panelVectors) < 1024 * 1024);
      const linker = new Linker(variant);
      const gradient = linker.add("gradient", emitWinogradWeightGradient(shape, panelVectors));
      const memory = new WebAssembly.Memory({ initial: 32 });
      linker.link(memory);
      const floats = new Float32Array(memory.buffer);
      const input = eighths(images * height * width * inputs, 7);
      const dy = eighths(images * (height - 2) * (width - 2) * filters, 11);
      place(floats, at.input, [images, height, width, inputs], input);
      place(floats, at.gradient, [images, height - 2, width - 2, filters], dy);
      const count = 9 * inputs * filters;
      floats.fill(99, at.target / 4, at.target / 4 + count + 8);
      gradient.run(images, at.input, at.gradient, at.target, at.scratch);

      const expected = new Float64Array(count);
      let largest = 1;
      for (let p = 0; p < images * (height - 2) * (width - 2); p++) {
        const x = p % (width - 2);
        const y = Math.floor(p / (width - 2)) % (height - 2);
        const n = Math.floor(p / (width - 2) / (height - 2));
        for (let i = 0; i < count; i++) {
          const tap = Math.floor(i / filters / inputs);
          const pixel = (n * height + y + Math.floor(tap / 3)) * width + x + (tap % 3);
          expected[i] += input[pixel * inputs + (Math.floor(i / filters) % inputs)] * dy[p * filters + (i % filters)];
          largest = Math.max(largest, Math.abs(expected[i]));
        }
      }
      for (let i = 0; i < count; i++) {
        t.true(Math.abs(floats[at.target / 4 + i] - expected[i]) <= 3e-6 * largest, `${i}`);
      }
      t.deepEqual([...floats.subarray(at.target / 4 + count, at.target / 4 + count + 8)], Array(8).fill(99));
    });
  }
}
