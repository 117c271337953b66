import test from "ava";
import { Draw } from "@convoy/core/test/draw";
import { instantiateTfjsKernels } from "../src/kernels/tfjs_kernels.ts";
import { poolWindows, type SlidingAxis } from "./pool_windows.ts";

// Pools in a memory of their own, of which they may touch their tensors and their buffer alone. A read behind an image that
// ends where the memory ends is a fault, and so is one before an image at address 0.

const memory = new WebAssembly.Memory({ initial: 4 });
const kernels = instantiateTfjsKernels(memory);
const bytes = Buffer.from(memory.buffer);
const untouched = Buffer.alloc(bytes.length, 0xa7);
const structBytes = 80;

type Axes = readonly [SlidingAxis, SlidingAxis, SlidingAxis];

/** Where the image and the output lie, one of them at the end of the memory. */
const layouts: Readonly<Record<string, (x: number, y: number) => readonly [x: number, y: number]>> = {
  "the image last": (x, y) => [bytes.length - x, bytes.length - x - 64 - y],
  "the image first and the output last": (_, y) => [0, bytes.length - y],
};

function runPool(
  kind: "max" | "average",
  images: number,
  channels: number,
  axes: Axes,
  [xSize, ySize]: readonly [number, number],
  place: (x: number, y: number) => readonly [number, number],
): void {
  const row = axes[2].size * channels * 4;
  const plane = axes[0].window > 1 ? axes[1].size * row : 0;
  const [x, y] = place(xSize * 4, ySize * 4);
  // In the middle, away from both ends.
  const window = bytes.length / 2;
  const buffer = window + structBytes;
  untouched.copy(bytes);
  const image = new Float32Array(memory.buffer, x, xSize);
  for (let i = 0; i < xSize; i++) image[i] = ((i * 7919) % 31) - 40;
  const of = (field: (along: SlidingAxis) => number): number[] => axes.map((along) => field(along));
  const sizes = of(({ size }) => size);
  new Int32Array(memory.buffer, window, 17).set([
    images,
    ...sizes,
    channels,
    ...of(({ positions }) => positions),
    ...of((along) => along.window),
    ...of(({ stride }) => stride),
    ...of(({ before }) => before),
  ]);
  if (kind === "max") kernels.maxPool(window, x, y, buffer);
  else kernels.averagePool(window, x, y, buffer, Number.NaN);

  const output = new Float32Array(memory.buffer, y, ySize);
  poolWindows(images, channels, axes, (out, cells) => {
    const values = cells.map((cell) => image[cell]);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const expected = kind === "max" ? Math.max(...values) : Math.fround(mean);
    if (Object.is(output[out], expected) || Math.abs(output[out] - expected) < 1e-5) return;
    throw new Error(`output ${out} is ${output[out]} instead of ${expected}`);
  });
  const own = [
    [x, xSize * 4],
    [y, ySize * 4],
    [window, structBytes],
    [buffer, row + plane],
  ];
  for (const [from, length] of own) untouched.copy(bytes, from, from, from + length);
  if (bytes.equals(untouched)) return;
  const changed = bytes.findIndex((byte, i) => byte !== untouched[i]);
  throw new Error(`byte ${changed - y} of the output, which has ${ySize * 4}, was written`);
}

function axis(size: number, window: number, stride: number, before: number, after: number): SlidingAxis {
  return { size, window, stride, before, positions: Math.floor((size + before + after - window) / stride) + 1 };
}

/** Valid, as 'same' pads on each side, and more than a window. */
const paddings = [
  [0, 0],
  [0, 1],
  [1, 1],
  [2, 0],
  [3, 4],
] as const;

for (const kind of ["max", "average"] as const) {
  for (const [where, place] of Object.entries(layouts)) {
    test(`${kind} pools touch nothing but their tensors, with ${where}`, (t) => {
      const draw = new Draw(1);
      let pools = 0;
      // From sixteen channels on there are other loops, whose last vectors have 1 to 15 channels.
      for (const channels of [1, 2, 3, 4, 5, 7, 16, 17, 29, 30, 31, 33]) {
        for (const width of [1, 2, 3, 5, 7, 10, 11]) {
          for (const [before, after] of paddings) {
            for (const window of [1, 2, 3, 4]) {
              for (const stride of [1, 2, 3, 4]) {
                const columns = axis(width, window, stride, before, after);
                const [above, below] = draw.pick<(typeof paddings)[number]>(paddings);
                const rows = axis(draw.integer(1, 4), draw.integer(1, 3), draw.integer(1, 3), above, below);
                const planes = draw.chance(0.2) ? axis(2, 2, 1, 0, 0) : axis(1, 1, 1, 0, 0);
                if (rows.positions < 1 || columns.positions < 1) continue;
                const axes: Axes = [planes, rows, columns];
                const count = (length: (each: SlidingAxis) => number): number =>
                  axes.reduce((product, each) => product * length(each), 2 * channels);
                const about = JSON.stringify({ kind, channels, axes });
                const sizes = [count(({ size }) => size), count(({ positions }) => positions)] as const;
                t.notThrows(() => runPool(kind, 2, channels, axes, sizes, place), about);
                pools++;
              }
            }
          }
        }
      }
      t.true(pools > 3000, `${pools}`);
    });
  }
}
