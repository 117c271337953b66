import type { Tensor } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "@convoy/core/engine";
import { relativeDistance } from "@convoy/core/test/reference";
import type { Draw } from "@convoy/core/test/draw";
import { poolWindows, type SlidingAxis } from "./pool_windows.ts";

/** A pool as tfjs is asked for it. */
export interface RandomPool {
  readonly kind: "max" | "average";
  /** [N, H, W, C] or [N, D, H, W, C] */
  readonly shape: number[];
  readonly window: number[];
  readonly strides: number[];
  readonly pad: "valid" | "same" | number | [number, number][];
  readonly rounding: "floor" | "ceil" | undefined;
  /** The same by its definition, of depth, height and width. */
  readonly axes: readonly [SlidingAxis, SlidingAxis, SlidingAxis];
}

const flat: SlidingAxis = { size: 1, window: 1, stride: 1, before: 0, positions: 1 };

/** Small images and windows: larger than the image, smaller than the stride, one pixel, padded beyond the window. */
export function randomPool(draw: Draw): RandomPool {
  const rank = draw.chance(0.4) ? 3 : 2;
  const several = (most: number): number[] => Array.from({ length: rank }, () => draw.integer(1, most));
  const sizes = several(rank === 3 ? 6 : 9);
  const window = several(4);
  const strides = several(5);
  const kind = draw.pick(["valid", "same", "same", "number", "pads"] as const);
  const rounding = draw.pick(["floor", "ceil"] as const);
  const number = draw.integer(0, 4);
  const pads = sizes.map((): [number, number] => [draw.integer(0, 4), draw.integer(0, 4)]);
  const axes = sizes.map((size, i): SlidingAxis => {
    const along = { size, window: window[i], stride: strides[i] };
    if (kind === "same") {
      const positions = Math.ceil(size / along.stride);
      const total = Math.max(0, (positions - 1) * along.stride + along.window - size);
      return { ...along, positions, before: Math.floor(total / 2) };
    }
    const [before, after] = kind === "pads" ? pads[i] : kind === "number" ? [number, number] : [0, 0];
    const steps = (size + before + after - along.window) / along.stride;
    const round = kind !== "valid" && rounding === "ceil" ? Math.ceil : Math.floor;
    return { ...along, before, positions: round(steps) + 1 };
  });
  // tfjs has no pads for each side of an axis in three dimensions.
  if (axes.some(({ positions }) => positions < 1) || (kind === "pads" && rank === 3)) return randomPool(draw);
  return {
    kind: draw.pick(["max", "average"] as const),
    shape: [draw.integer(1, 3), ...sizes, draw.integer(1, 9)],
    window,
    strides,
    pad: kind === "number" ? number : kind === "pads" ? [[0, 0], ...pads, [0, 0]] : kind,
    rounding: kind === "number" || kind === "pads" ? rounding : undefined,
    axes: rank === 3 ? [axes[0], axes[1], axes[2]] : [flat, axes[0], axes[1]],
  };
}

/** A random pool and its gradient by tfjs, against float64: what differs. */
export function poolDifferences(tf: TensorFlow, draw: Draw): string[] {
  const pool = randomPool(draw);
  const { kind, shape, window, strides, pad, rounding, axes } = pool;
  // Of few values, so that many windows have several largest cells; often without a positive one. Sometimes of many.
  const values = draw.pick([[-3, -2, -1], [-1, 0, 1], [-0.75, -0.1, 0.3, 0.9], undefined]);
  const value = (): number => (values === undefined ? draw.uniform(-1, 1) : draw.pick(values));
  const x = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, value);
  const channels = shape[shape.length - 1];
  const outShape = [shape[0], ...axes.slice(axes.length - strides.length).map(({ positions }) => positions), channels];
  const dy = Float32Array.from(draw.floats(outShape.reduce((a, b) => a * b)));
  const y = new Float64Array(dy.length);
  const dx = new Float64Array(x.length);
  poolWindows(shape[0], channels, axes, (out, cells) => {
    if (kind === "max") {
      // No kinks: the reference compares the very numbers that the kernel compares.
      const winner = cells.reduce((best, cell) => (x[cell] > x[best] ? cell : best), cells[0]);
      y[out] = cells.length === 0 ? -Infinity : x[winner];
      if (cells.length > 0) dx[winner] += dy[out];
    } else {
      const none = strides.length === 3 ? 1 : 0;
      y[out] = cells.reduce((sum, cell) => sum + x[cell], 0) / Math.max(cells.length, none);
      for (const cell of cells) dx[cell] += dy[out] / cells.length;
    }
  });
  // tfjs gives the image itself for windows of one cell that are as many as the image has, whatever strides and padding say.
  const isImage = strides.length === 2 && window.every((size) => size === 1) && String(outShape) === String(shape);
  if (isImage) y.set(x);
  return tf.tidy(() => {
    const kernel = `${kind === "max" ? "Max" : "Avg"}Pool${strides.length === 3 ? "3D" : ""}`;
    const rounded = rounding === undefined ? {} : { dimRoundingMode: rounding };
    const attributes = { filterSize: window, strides, pad, ...rounded };
    const run = (input: Tensor): Tensor => tf.engine().runKernel(kernel, { x: input }, attributes);
    const input = tf.tensor(x, shape);
    const output = run(input);
    const about = JSON.stringify({ kind, shape, window, strides, pad, rounding });
    if (String(output.shape) !== String(outShape)) return [`shape ${String(output.shape)} of ${about}`];
    const gradient = tf.grad(run)(input, tf.tensor(dy, outShape));
    return [
      ...difference("output", output.dataSync(), y, about),
      ...difference("gradient", gradient.dataSync(), dx, about),
    ];
  });
}

function difference(what: string, found: ArrayLike<number>, expected: Float64Array, about: string): string[] {
  // Windows without a cell have no finite value: both have the same one there.
  const finite = expected.map((value) => (Number.isFinite(value) ? value : 0));
  const distance = relativeDistance(
    Array.from(found, (value, i) => (Object.is(value, expected[i]) ? finite[i] : value)),
    finite,
  );
  return distance < 1e-6 ? [] : [`${what} ${distance} of ${about}`];
}
