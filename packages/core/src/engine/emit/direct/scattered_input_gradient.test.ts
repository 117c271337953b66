import test from "ava";
import { eighths, type PlainConvolution, windowsOf } from "../../../../test/plain_convolution.ts";
import { rowVectors } from "../tiles/filter_vectors.ts";
import { Linker } from "../module/linker.ts";
import { emitScatteredInputGradient, type ScatteredShape } from "./scattered_input_gradient.ts";
import type { PanelVectors } from "../tiles/tiling.ts";

const cases: readonly PlainConvolution[] = [
  { images: 2, height: 14, width: 14, inputs: 6, filters: 16, kernel: [5, 5], stride: 1 },
  { images: 3, height: 5, width: 7, inputs: 3, filters: 5, kernel: [3, 2], stride: 1 },
  { images: 1, height: 11, width: 11, inputs: 4, filters: 19, kernel: [5, 5], stride: 2 },
  { images: 4, height: 9, width: 8, inputs: 17, filters: 3, kernel: [3, 3], stride: 1 },
  { images: 2, height: 6, width: 7, inputs: 2, filters: 1, kernel: [2, 1], stride: 3 },
  // Rows of one float, and windows that are the image: spare lanes reach into rows and images that are worked on as well.
  { images: 5, height: 9, width: 1, inputs: 1, filters: 4, kernel: [4, 1], stride: 1 },
  { images: 5, height: 2, width: 2, inputs: 1, filters: 7, kernel: [2, 2], stride: 1 },
  { images: 3, height: 3, width: 3, inputs: 5, filters: 2, kernel: [3, 3], stride: 1 },
];

const at = { filters: 64, gradient: 128 * 1024, inputGradient: 384 * 1024 };

/** Their sums do depend on the order. */
function uneven(length: number, factor: number): Float32Array<ArrayBuffer> {
  return eighths(length, factor).map((value, i) => value / (3 + (i % 5)));
}

/** A memory with [R, S, C, K] weights and output gradients in it, and the kernel. */
function prepare(shape: ScatteredShape, panelVectors: PanelVectors, weights: Float32Array, gradient: Float32Array) {
  const linker = new Linker(panelVectors === 2 ? "narrow" : "wide");
  const kernel = linker.add("scattered", emitScatteredInputGradient(shape, panelVectors));
  const memory = new WebAssembly.Memory({ initial: 16 });
  linker.link(memory);
  const floats = new Float32Array(memory.buffer);
  floats.set(gradient, at.gradient / 4);
  const { segment, taps, channels } = shape;
  const rowFloats = rowVectors(shape, panelVectors) * 4;
  for (const [i, weight] of weights.entries()) {
    const row = Math.floor(i / channels);
    const place = ((i % channels) * taps + Math.floor(row / segment)) * rowFloats + (row % segment);
    floats[at.filters / 4 + place] = weight;
  }
  return { kernel, inputGradient: floats.subarray(at.inputGradient / 4) };
}

for (const panelVectors of [2, 4] as const satisfies readonly PanelVectors[]) {
  const variant = panelVectors === 2 ? "narrow" : "wide";
  for (const [index, one] of cases.entries()) {
    const { images, height, width, inputs, filters, kernel: size, stride } = one;
    const shape = windowsOf(one);
    const pixels = height * width * inputs;
    const windows = shape.rows * shape.columns;

    test(`${variant} scattered input gradient ${index} adds to every input and changes nothing else`, (t) => {
      const weights = eighths(size[0] * size[1] * inputs * filters, 5);
      const gradient = eighths(images * windows * filters, 11);
      const { kernel, inputGradient } = prepare(shape, panelVectors, weights, gradient);
      const before = eighths(images * pixels, 3);
      inputGradient.fill(99, 0, images * pixels + 16).set(before);
      kernel.run(images, at.inputGradient, at.gradient, at.filters);

      const expected = [...before];
      for (const [i, weight] of weights.entries()) {
        const [k, c] = [i % filters, Math.floor(i / filters) % inputs];
        const tap = Math.floor(i / filters / inputs);
        const [r, s] = [Math.floor(tap / size[1]), tap % size[1]];
        for (let p = 0; p < images * windows; p++) {
          const [n, y, x] = [Math.floor(p / windows), Math.floor((p % windows) / shape.columns), p % shape.columns];
          expected[((n * height + y * stride + r) * width + x * stride + s) * inputs + c] +=
            weight * gradient[p * filters + k];
        }
      }
      t.deepEqual([...inputGradient.subarray(0, images * pixels)], expected);
      t.deepEqual([...inputGradient.subarray(images * pixels, images * pixels + 16)], Array(16).fill(99));
    });

    test(`${variant} scattered input gradient ${index} has the same bits whatever images are in a call`, (t) => {
      const weights = uneven(size[0] * size[1] * inputs * filters, 5);
      const gradient = uneven(5 * windows * filters, 11);
      const { kernel, inputGradient } = prepare(shape, panelVectors, weights, gradient);
      const inCallsOf = (...calls: readonly number[]): number[] => {
        inputGradient.fill(0, 0, 5 * pixels + 16);
        let first = 0;
        for (const count of calls) {
          const target = at.inputGradient + first * shape.inputImageStride;
          kernel.run(count, target, at.gradient + first * shape.outputImageStride, at.filters);
          first += count;
        }
        return [...inputGradient.subarray(0, 5 * pixels)];
      };
      const whole = inCallsOf(5);
      t.deepEqual(inCallsOf(1, 1, 1, 1, 1), whole);
      t.deepEqual(inCallsOf(1, 2, 0, 2), whole);
    });
  }
}
