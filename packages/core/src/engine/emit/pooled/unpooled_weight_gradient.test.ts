import test, { type ExecutionContext } from "ava";
import { type ConvolutionSizes, eighths } from "../../../../test/plain_convolution.ts";
import { Linker } from "../module/linker.ts";
import type { PooledShape } from "./pooled_shape.ts";
import { emitUnpooledWeightGradient } from "./unpooled_weight_gradient.ts";

/** A convolution without padding and its pool; the pool's output lies in a wider image, as with a border. */
interface Case extends ConvolutionSizes {
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly relu: boolean;
  readonly bias: boolean;
}

const plain = { strides: [1, 1], relu: true, bias: true } as const;
const cases: Readonly<Record<string, Case>> = {
  "the seed network's first layer": {
    ...plain,
    images: 2,
    height: 28,
    width: 28,
    inputs: 1,
    filters: 16,
    kernel: [3, 3],
  },
  "one image, one filter, one pool": {
    ...plain,
    images: 1,
    height: 2,
    width: 3,
    inputs: 1,
    filters: 1,
    kernel: [1, 2],
  },
  "three filters of three channels": {
    ...plain,
    images: 3,
    height: 6,
    width: 5,
    inputs: 3,
    filters: 3,
    kernel: [1, 1],
  },
  "six filters, which share a pair": {
    ...plain,
    images: 2,
    height: 9,
    width: 12,
    inputs: 1,
    filters: 6,
    kernel: [3, 3],
  },
  "a pair and a rest of one": { ...plain, images: 2, height: 7, width: 4, inputs: 2, filters: 9, kernel: [2, 2] },
  "two pairs and a rest of seven": { ...plain, images: 2, height: 5, width: 8, inputs: 1, filters: 23, kernel: [2, 4] },
  strides: { ...plain, images: 3, height: 11, width: 9, inputs: 3, filters: 8, kernel: [3, 1], strides: [2, 1] },
  "strides that leave inputs out": {
    ...plain,
    images: 2,
    height: 13,
    width: 13,
    inputs: 1,
    filters: 12,
    kernel: [2, 2],
    strides: [3, 3],
  },
  "no relu": { ...plain, images: 2, height: 8, width: 6, inputs: 1, filters: 10, kernel: [3, 3], relu: false },
  "no bias": { ...plain, images: 2, height: 8, width: 6, inputs: 1, filters: 10, kernel: [3, 3], bias: false },
  neither: {
    ...plain,
    images: 2,
    height: 6,
    width: 8,
    inputs: 1,
    filters: 5,
    kernel: [3, 3],
    relu: false,
    bias: false,
  },
  "no image": { ...plain, images: 0, height: 6, width: 6, inputs: 1, filters: 8, kernel: [3, 3] },
};

const at = {
  input: 1024,
  gradient: 128 * 1024,
  argmax: 640 * 1024,
  target: 896 * 1024,
  bias: 960 * 1024,
};

/** Floats around the gradients that must stay as they are. */
const beyond = 8;
/** Pools by which a row of the pool's output is longer than its pools. */
const border = 2;

function shapeOf({ height, width, inputs, filters, kernel, strides, relu }: Case): PooledShape {
  const rows = Math.floor(((height - kernel[0]) / strides[0] + 1) / 2);
  const columns = Math.floor(((width - kernel[1]) / strides[1] + 1) / 2);
  const rowStep = strides[0] * width * inputs * 4;
  const columnStep = strides[1] * inputs * 4;
  return {
    rows,
    columns,
    inputRowStep: 2 * rowStep,
    inputColumnStep: 2 * columnStep,
    inputImageStride: height * width * inputs * 4,
    outputRowStep: (columns + border) * filters * 4,
    outputColumnStep: filters * 4,
    outputImageStride: rows * (columns + border) * filters * 4,
    cells: [0, columnStep, rowStep, rowStep + columnStep],
    taps: kernel[0],
    tapStride: width * inputs * 4,
    segment: kernel[1] * inputs,
    channels: filters,
    clip: relu ? Infinity : undefined,
  };
}

interface Operands {
  readonly input: Float32Array;
  readonly gradient: Float32Array;
  /** The winning cell of each pool and channel, and whether a relu behind it is shut. */
  readonly cells: readonly number[];
  readonly shut: readonly boolean[];
}

function operandsOf({ images, height, width, inputs }: Case, shape: PooledShape): Operands {
  const outputs = (images * shape.outputImageStride) / 4;
  const pools = images * shape.rows * shape.columns * shape.channels;
  return {
    input: eighths(images * height * width * inputs, 7),
    gradient: eighths(outputs, 11),
    cells: Array.from({ length: pools }, (_, i) => ((i * 7) % 11) % 4),
    shut: Array.from({ length: pools }, (_, i) => (i * 5) % 7 < 3),
  };
}

/** Pool after pool: the winner's window, weight by weight. */
function expectedGradients(one: Case, shape: PooledShape, operands: Operands): { weights: number[]; bias: number[] } {
  const { rows, columns, channels, cells, taps, tapStride, segment } = shape;
  const weights = Array.from({ length: taps * segment * channels }, () => 0);
  const bias = Array.from({ length: channels }, () => 0);
  for (const [i, cell] of operands.cells.entries()) {
    const k = i % channels;
    const x = Math.floor(i / channels) % columns;
    const y = Math.floor(i / channels / columns) % rows;
    const n = Math.floor(i / channels / columns / rows);
    const place = (n * shape.outputImageStride + y * shape.outputRowStep + x * shape.outputColumnStep) / 4 + k;
    if (one.relu && operands.shut[i]) continue;
    const window = n * shape.inputImageStride + y * shape.inputRowStep + x * shape.inputColumnStep + cells[cell];
    for (let weight = 0; weight < taps * segment; weight++) {
      const input = (window + Math.floor(weight / segment) * tapStride) / 4 + (weight % segment);
      weights[weight * channels + k] += operands.input[input] * operands.gradient[place];
    }
    bias[k] += operands.gradient[place];
  }
  return { weights, bias };
}

function runKernel(one: Case, shape: PooledShape, operands: Operands): { weights: number[]; bias: number[] } {
  const { rows, columns, channels, cells, taps, segment } = shape;
  const linker = new Linker("wide");
  const kernel = linker.add("kernel", emitUnpooledWeightGradient(shape, one.bias));
  const memory = new WebAssembly.Memory({ initial: 16 });
  linker.link(memory);
  const floats = new Float32Array(memory.buffer);
  floats.set(operands.input, at.input / 4);
  floats.set(operands.gradient, at.gradient / 4);
  const winners = operands.cells.map((cell, i) => {
    const pool = Math.floor(i / channels) % (rows * columns);
    if (one.relu && operands.shut[i]) return -1;
    return Math.floor(pool / columns) * shape.inputRowStep + (pool % columns) * shape.inputColumnStep + cells[cell];
  });
  new Int32Array(memory.buffer).set(winners, at.argmax / 4);
  const weights = taps * segment * channels;
  floats.fill(99, at.target / 4 - beyond, at.target / 4 + weights + beyond);
  floats.fill(99, at.bias / 4 - beyond, at.bias / 4 + channels + beyond);
  kernel.run(one.images, at.input, at.gradient, at.argmax, at.target, at.bias);
  return {
    weights: [...floats.subarray(at.target / 4 - beyond, at.target / 4 + weights + beyond)],
    bias: [...floats.subarray(at.bias / 4 - beyond, at.bias / 4 + channels + beyond)],
  };
}

const untouched = Array.from({ length: beyond }, () => 99);

function holdsToExpected(t: ExecutionContext, one: Case, operands: (shape: PooledShape) => Operands): void {
  const shape = shapeOf(one);
  const given = operands(shape);
  const expected = expectedGradients(one, shape, given);
  const { weights, bias } = runKernel(one, shape, given);
  t.deepEqual(weights, [...untouched, ...expected.weights, ...untouched]);
  const ownBias = one.bias ? expected.bias : expected.bias.map(() => 99);
  t.deepEqual(bias, [...untouched, ...ownBias, ...untouched]);
}

for (const [name, one] of Object.entries(cases)) {
  test(`gives every weight and touches nothing else: ${name}`, (t) => {
    holdsToExpected(t, one, (shape) => operandsOf(one, shape));
  });
}

test("a gradient that is NaN travels on in its own channel, but not through a shut relu", (t) => {
  const one = cases["the seed network's first layer"];
  holdsToExpected(t, one, (shape) => {
    const operands = operandsOf(one, shape);
    const shut = [...operands.shut];
    for (const [pool, k] of [
      [3, 5],
      [4, 6],
    ]) {
      operands.gradient[pool * shape.channels + k] = NaN;
      shut[pool * shape.channels + k] = k === 6;
    }
    const { weights, bias } = expectedGradients(one, shape, { ...operands, shut });
    t.deepEqual(
      bias.map((sum) => Number.isNaN(sum)),
      bias.map((_, k) => k === 5),
    );
    t.is(weights.filter((weight) => Number.isNaN(weight)).length, 9);
    return { ...operands, shut };
  });
});
