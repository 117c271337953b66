import test from "ava";
import { eighths, type PlainConvolution, windowsOf } from "../../../../test/plain_convolution.ts";
import { Linker } from "../module/linker.ts";
import type { PanelVectors } from "../tiles/tiling.ts";
import { emitWindows, type WindowsShape, windowsScratchBytes } from "./convolve.ts";
import { lanesOf } from "./tile.ts";

interface Case extends Omit<PlainConvolution, "inputs" | "stride"> {
  readonly rowStride: number;
  readonly relu: boolean;
}

/** Floats around the outputs, at the end of each row and around all, that must stay as they are. */
const border = 3;
const untouched = 99;

/** Every kernel size from 1 to 7 and every number of filters from 1 to 12, over rows of 8 to 28 windows. */
const cases: readonly Case[] = Array.from({ length: 84 }, (_, i) => {
  const kernel = [(i % 7) + 1, ((i * 3) % 7) + 1] as const;
  const rowStride = (i % 3) + 1;
  const rows = (i % 5) + 1;
  return {
    images: (i % 2) + 1,
    height: kernel[0] + (rows - 1) * rowStride,
    width: kernel[1] + 7 + ((i * 5) % 21),
    filters: (i % 12) + 1,
    kernel,
    rowStride,
    relu: i % 4 === 0,
  };
});

function shapeOf({ relu, rowStride, ...sizes }: Case): WindowsShape {
  const plain = windowsOf({ ...sizes, inputs: 1, stride: 1 });
  const rows = Math.floor((plain.rows - 1) / rowStride) + 1;
  const outputRowStep = (plain.columns * sizes.filters + border) * 4;
  return {
    ...plain,
    rows,
    inputRowStep: plain.inputRowStep * rowStride,
    outputRowStep,
    outputImageStride: rows * outputRowStep,
    clip: relu ? Infinity : undefined,
  };
}

/** Runs the kernel with the images at the very end of the memory: reading on would trap. Gives the outputs and what is around. */
function outputsOf(one: Case, panelVectors: PanelVectors, images: Float32Array, weights: Float32Array): Float32Array {
  const shape = shapeOf(one);
  const linker = new Linker(panelVectors === 2 ? "narrow" : "wide");
  const kernel = linker.add("windows", emitWindows(shape, panelVectors));
  const memory = new WebAssembly.Memory({ initial: 4 });
  linker.link(memory);
  const floats = new Float32Array(memory.buffer);
  const at = { weights: 64, bias: 32 * 1024, scratch: 33 * 1024, output: 64 * 1024 };
  const input = memory.buffer.byteLength - images.byteLength;
  floats.set(images, input / 4);
  floats.set(weights, at.weights / 4);
  floats.set(eighths(one.filters, 3), at.bias / 4);
  const outputs = (images.length / (one.height * one.width)) * (shape.outputImageStride / 4);
  const scratchEnd = (at.scratch + windowsScratchBytes(shape, panelVectors)) / 4;
  floats.fill(untouched, at.output / 4 - border, at.output / 4 + outputs);
  floats.fill(untouched, scratchEnd, scratchEnd + border);
  kernel.run(images.length / (one.height * one.width), input, at.weights, at.bias, at.output, at.scratch);
  const beyond = floats.subarray(scratchEnd, scratchEnd + border);
  return Float32Array.from([...beyond, ...floats.subarray(at.output / 4 - border, at.output / 4 + outputs)]);
}

/** Window after window; what is around the outputs as it was. */
function expectedOf(one: Case, images: Float32Array, weights: Float32Array): Float32Array {
  const { rows, columns } = shapeOf(one);
  const { relu } = one;
  const { height, width, filters, rowStride } = one;
  const [R, S] = one.kernel;
  const bias = eighths(filters, 3);
  const expected: number[] = Array.from({ length: 2 * border }, () => untouched);
  for (let n = 0; n < one.images; n++) {
    for (let y = 0; y < rows; y++) {
      for (let i = 0; i < columns * filters; i++) {
        const [x, k] = [Math.floor(i / filters), i % filters];
        let sum = bias[k];
        for (let tap = 0; tap < R * S; tap++) {
          const pixel = (n * height + y * rowStride + Math.floor(tap / S)) * width + x + (tap % S);
          sum += images[pixel] * weights[tap * filters + k];
        }
        expected.push(relu ? Math.max(sum, 0) : sum);
      }
      expected.push(...Array.from({ length: border }, () => untouched));
    }
  }
  return Float32Array.from(expected);
}

for (const panelVectors of [2, 4] as const satisfies readonly PanelVectors[]) {
  const variant = panelVectors === 2 ? "narrow" : "wide";

  test(`${variant}: gives every output, reads nothing behind the images, and touches nothing else`, (t) => {
    const seen = new Set<number>();
    for (const one of cases) {
      const images = eighths(one.images * one.height * one.width, 7);
      const weights = eighths(one.kernel[0] * one.kernel[1] * one.filters, 5);
      t.deepEqual(outputsOf(one, panelVectors, images, weights), expectedOf(one, images, weights), JSON.stringify(one));
      seen.add(shapeOf(one).columns % lanesOf(panelVectors));
    }
    t.is(seen.size, lanesOf(panelVectors), "rows with every rest of windows");
  });

  test(`${variant}: an image's outputs have the same bits alone and among others`, (t) => {
    for (const one of cases.filter(({ images }) => images > 1)) {
      const pixels = one.height * one.width;
      const images = eighths(one.images * pixels, 7).map((value, i) => value / (3 + (i % 5)));
      const weights = eighths(one.kernel[0] * one.kernel[1] * one.filters, 5).map((value, i) => value / (3 + (i % 7)));
      const all = outputsOf(one, panelVectors, images, weights).subarray(2 * border);
      const alone = outputsOf(one, panelVectors, images.subarray(pixels), weights).subarray(2 * border);
      t.deepEqual(alone, all.subarray(alone.length), JSON.stringify(one));
    }
  });
}

test("a NaN reaches the outputs of the windows that see it, and passes a relu", (t) => {
  const one: Case = { images: 1, height: 5, width: 19, filters: 3, kernel: [3, 3], rowStride: 1, relu: true };
  const images = eighths(5 * 19, 7);
  images[2 * 19 + 9] = NaN;
  const weights = eighths(27, 5);
  for (const panelVectors of [2, 4] as const) {
    const outputs = outputsOf(one, panelVectors, images, weights);
    t.is(outputs.filter((value) => Number.isNaN(value)).length, 3 * 3 * 3);
    // As numbers: the sign of a NaN means nothing.
    t.deepEqual([...outputs], [...expectedOf(one, images, weights)]);
  }
});
