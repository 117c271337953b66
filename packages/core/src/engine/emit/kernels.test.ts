import test from "ava";
import { eighths, type PlainConvolution, windowsOf } from "../../../test/plain_convolution.ts";
import { type ConvolveShape, emitConvolve } from "./direct/convolve.ts";
import { type Emitted, Linker } from "./module/linker.ts";
import { emitShardedWeightGradient } from "./direct/sharded_weight_gradient.ts";
import type { PanelVectors } from "./tiles/tiling.ts";
import { emitWeightGradient } from "./direct/weight_gradient.ts";
import type { WeightGradientShape } from "./direct/weight_tiles.ts";

const cases: readonly PlainConvolution[] = [
  { images: 2, height: 5, width: 7, inputs: 3, filters: 5, kernel: [3, 2], stride: 1 },
  { images: 3, height: 9, width: 12, inputs: 1, filters: 16, kernel: [3, 3], stride: 1 },
  { images: 1, height: 11, width: 11, inputs: 4, filters: 19, kernel: [5, 5], stride: 2 },
  { images: 7, height: 1, width: 1, inputs: 13, filters: 33, kernel: [1, 1], stride: 1 },
  { images: 2, height: 6, width: 6, inputs: 2, filters: 1, kernel: [1, 1], stride: 3 },
  { images: 2, height: 12, width: 10, inputs: 8, filters: 8, kernel: [2, 3], stride: 1 },
  { images: 2, height: 8, width: 9, inputs: 3, filters: 9, kernel: [3, 3], stride: 1 },
  { images: 1, height: 7, width: 9, inputs: 5, filters: 12, kernel: [2, 2], stride: 1 },
  { images: 5, height: 1, width: 1, inputs: 9, filters: 29, kernel: [1, 1], stride: 1 },
];

const at = {
  input: 1024,
  weights: 128 * 1024,
  bias: 256 * 1024,
  output: 260 * 1024,
  gradient: 400 * 1024,
  target: 600 * 1024,
  shards: 800 * 1024,
  stack: 801 * 1024,
};

const gradients = {
  "weight gradient": { emit: emitWeightGradient, run: oneCall },
  "weight gradient of shards": { emit: emitShardedWeightGradient, run: shardByShard },
};

function oneCall(gradient: Emitted, { images }: PlainConvolution): void {
  gradient.run(images, at.input, at.gradient, at.target);
}

/** Shards of one image and one without any; the last one adds what is left. */
function shardByShard(gradient: Emitted, { images }: PlainConvolution, memory: WebAssembly.Memory): void {
  const merges = [0, 1, 0, 2, 0, 1, 0, 3];
  const sizes = Array.from({ length: images + 1 }, (_, shard) => (shard < images ? 1 : 0));
  const held = (shard: number): number => shard - merges.slice(0, shard).reduce((sum, count) => sum + count, 0);
  const pairs = sizes.flatMap((size, shard) => [size, shard < images ? merges[shard] : held(shard)]);
  new Int32Array(memory.buffer).set(pairs, at.shards / 4);
  gradient.run(at.shards, at.shards + pairs.length * 4, at.input, at.gradient, at.target, at.stack);
}

/** Calls `visit` for every product of a convolution: indices of the image, the weight and the output. */
function forEachProduct(
  { images, inputs, filters, height, width, kernel, stride }: PlainConvolution,
  { rows, columns }: ConvolveShape,
  visit: (image: number, weight: number, output: number) => void,
): void {
  const [R, S] = kernel;
  for (let i = 0; i < images * rows * columns * R * S * inputs * filters; i++) {
    const k = i % filters;
    const c = Math.floor(i / filters) % inputs;
    const s = Math.floor(i / filters / inputs) % S;
    const r = Math.floor(i / filters / inputs / S) % R;
    const p = Math.floor(i / filters / inputs / S / R);
    const x = p % columns;
    const y = Math.floor(p / columns) % rows;
    const n = Math.floor(p / columns / rows);
    visit(
      ((n * height + y * stride + r) * width + x * stride + s) * inputs + c,
      ((r * S + s) * inputs + c) * filters + k,
      p * filters + k,
    );
  }
}

/** [inner, channels] in panels, as `packPanels` of the kernels lays them out. */
function panels(weights: Float32Array, channels: number, lanes: number): number[] {
  const inner = weights.length / channels;
  const packed: number[] = [];
  for (let first = 0; first < channels;) {
    const left = channels - first;
    const width = left > 8 || left >= lanes ? lanes : left > 4 ? 8 : 4;
    for (let i = 0; i < inner; i++) {
      for (let k = first; k < first + width; k++) packed.push(k < channels ? weights[i * channels + k] : 0);
    }
    first += width;
  }
  return packed;
}

for (const panelVectors of [2, 4] as const satisfies readonly PanelVectors[]) {
  const variant = panelVectors === 2 ? "narrow" : "wide";
  for (const [index, one] of cases.entries()) {
    const shape = { ...windowsOf(one), clip: undefined };
    const images = eighths(one.images * one.height * one.width * one.inputs, 7);
    const weights = eighths(one.kernel[0] * one.kernel[1] * one.inputs * one.filters, 5);
    const outputs = one.images * shape.rows * shape.columns * one.filters;

    test(`${variant} convolution ${index} gives every output and touches nothing else`, (t) => {
      const linker = new Linker(variant);
      const convolve = linker.add("convolve", emitConvolve(shape, panelVectors));
      const memory = new WebAssembly.Memory({ initial: 16 });
      linker.link(memory);
      const floats = new Float32Array(memory.buffer);
      floats.set(images, at.input / 4);
      floats.set(panels(weights, one.filters, panelVectors * 4), at.weights / 4);
      const bias = eighths(one.filters, 3);
      floats.set(bias, at.bias / 4);
      floats.fill(99, at.output / 4, at.output / 4 + outputs + 8);
      convolve.run(one.images, at.input, at.weights, at.bias, at.output, 0);

      const expected = Array.from({ length: outputs }, (_, i) => bias[i % one.filters]);
      forEachProduct(one, shape, (image, weight, output) => (expected[output] += images[image] * weights[weight]));
      t.deepEqual([...floats.subarray(at.output / 4, at.output / 4 + outputs)], expected);
      t.deepEqual([...floats.subarray(at.output / 4 + outputs, at.output / 4 + outputs + 8)], Array(8).fill(99));
    });

    for (const [name, { emit, run }] of Object.entries(gradients)) {
      test(`${variant} ${name} ${index} gives every weight and touches nothing else`, (t) => {
        const linker = new Linker(variant);
        const whole: WeightGradientShape = {
          ...shape,
          gradientRowStep: shape.outputRowStep,
          gradientColumnStep: shape.outputColumnStep,
          gradientImageStride: shape.outputImageStride,
        };
        const gradient = linker.add("gradient", emit(whole, panelVectors));
        const memory = new WebAssembly.Memory({ initial: 16 });
        linker.link(memory);
        const floats = new Float32Array(memory.buffer);
        const dy = eighths(outputs, 11);
        floats.set(images, at.input / 4);
        floats.set(dy, at.gradient / 4);
        floats.fill(99, at.target / 4, at.target / 4 + weights.length + 8);
        run(gradient, one, memory);

        const expected = Array.from(weights, () => 0);
        forEachProduct(one, shape, (image, weight, output) => (expected[weight] += images[image] * dy[output]));
        t.deepEqual([...floats.subarray(at.target / 4, at.target / 4 + weights.length)], expected);
        t.deepEqual(
          [...floats.subarray(at.target / 4 + weights.length, at.target / 4 + weights.length + 8)],
          Array(8).fill(99),
        );
      });
    }
  }
}
