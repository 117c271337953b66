import type { Epilogue } from "../fused_activation.ts";
import type { KernelContext } from "../kernel_context.ts";
import { type AxisWalk, backwardWalks, forwardWalk, walksWithin } from "./axis_walk.ts";
import type { Geometry } from "./geometry.ts";
import type { Images } from "./image_sizes.ts";
import { type PlanSettings, planWindows } from "./window_plan.ts";
import { winogradConvolve, winogradFilterGradient, winogradInputGradient } from "./winograd.ts";

type Three<T> = [T, T, T];

const inputOf = ({ axes, inputs }: Geometry): Images => {
  return { sizes: axes.map(({ input }) => input) as Three<number>, channels: inputs };
};
const outputOf = ({ axes, filters }: Geometry): Images => {
  return { sizes: axes.map(({ output }) => output) as Three<number>, channels: filters };
};
const kernelOf = ({ axes }: Geometry): Three<number> => axes.map(({ kernel }) => kernel) as Three<number>;
const forward = ({ axes }: Geometry): Three<AxisWalk[]> => axes.map((axis) => [forwardWalk(axis)]) as Three<AxisWalk[]>;
const backward = ({ axes }: Geometry): Three<AxisWalk[]> => axes.map(backwardWalks) as Three<AxisWalk[]>;

/** Channels in a panel of weights: see `packPanels`. */
const lanes = 8;

/** All but geometry and epilogue are addresses of tensors. */
export function convolve(
  context: KernelContext,
  geometry: Geometry,
  x: number,
  filter: number,
  { bias, low, high }: Epilogue,
  y: number,
): void {
  if (winogradConvolve(context, geometry, x, filter, { bias, low, high }, y)) return;
  const { inputs, filters } = geometry;
  const plan = planWindows(context, {
    ...between(geometry, inputOf(geometry), outputOf(geometry), forward(geometry)),
    runs: "rows",
    weightBytes: (taps) => taps * inputs * rowBytes(filters),
  });
  const [{ info, weights, taps }] = plan.passes;
  const rows = taps.length * inputs;
  context.kernels.packPanels(filter, rows, filters, lanes, weights, 0, rows);
  plan.forImages(x, (images, first, source) => {
    context.kernels.convolve(info, images, source, weights, bias, low, high, y + first * plan.targetImage);
  });
}

/** dx from dy and the filter. */
export function convolveInputGradient(
  context: KernelContext,
  geometry: Geometry,
  dy: number,
  filter: number,
  dx: number,
): void {
  if (winogradInputGradient(context, geometry, dy, filter, dx)) return;
  const { inputs, filters } = geometry;
  const plan = planWindows(context, {
    ...between(geometry, outputOf(geometry), inputOf(geometry), backward(geometry)),
    runs: "rows",
    weightBytes: (taps) => taps * filters * rowBytes(inputs),
  });
  for (const { taps, weights } of plan.passes) {
    const rows = taps.length * filters;
    for (const [t, tap] of taps.entries()) {
      const matrix = filter + tap * inputs * filters * 4;
      context.kernels.packPanelsTransposed(matrix, inputs, filters, lanes, weights, t * filters, rows);
    }
  }
  plan.forImages(dy, (images, first, source) => {
    for (const { info, weights, target } of plan.passes) {
      const to = dx + first * plan.targetImage + target;
      context.kernels.convolve(info, images, source, weights, 0, -Infinity, Infinity, to);
    }
  });
}

/** The filter's gradient from x and dy. */
export function convolveFilterGradient(
  context: KernelContext,
  geometry: Geometry,
  x: number,
  dy: number,
  dw: number,
): void {
  if (winogradFilterGradient(context, geometry, x, dy, dw)) return;
  const { inputs, filters } = geometry;
  const plan = planWindows(context, {
    ...between(geometry, inputOf(geometry), outputOf(geometry), forward(geometry)),
    runs: "floats",
  });
  const [{ info, taps }] = plan.passes;
  context.kernels.fillZero(dw, taps.length * inputs * filters * 4);
  plan.forImages(x, (images, first, source) => {
    context.kernels.filterGradient(info, images, source, dy + first * plan.targetImage, dw);
  });
}

/** The same, of each channel by a filter of its own; output channel c · multiplier + m is of input channel c. */
export function convolveDepthwise(
  context: KernelContext,
  geometry: Geometry,
  x: number,
  filter: number,
  { bias, low, high }: Epilogue,
  y: number,
): void {
  const { inputs, filters } = geometry;
  const copies = filters / inputs;
  const walks = forward(geometry);
  const input = inputOf(geometry);
  const plan = planWindows(context, {
    ...between(geometry, input, outputOf(geometry), copies === 1 ? withoutBorder(walks, input.sizes) : walks),
    runs: "taps",
    copies,
    extraBytes: rowsBytes(geometry),
  });
  const weights = weightRows(context, geometry, filter, plan.extra);
  plan.forImages(x, (images, first, source) => {
    for (const { info, target } of plan.passes) {
      const to = y + first * plan.targetImage + target;
      context.kernels.convolveDepthwise(info, images, source, weights, bias, low, high, to);
    }
  });
}

export function depthwiseInputGradient(
  context: KernelContext,
  geometry: Geometry,
  dy: number,
  filter: number,
  dx: number,
): void {
  const { images: all, inputs, filters } = geometry;
  const copies = filters / inputs;
  const input = inputOf(geometry);
  const output = outputOf(geometry);
  const pixels = all * input.sizes.reduce((product, size) => product * size, 1);
  const spreadBytes = copies === 1 ? 0 : pixels * filters * 4;
  const plan = planWindows(context, {
    ...between(geometry, output, { ...input, channels: filters }, withoutBorder(backward(geometry), output.sizes)),
    runs: "taps",
    extraBytes: spreadBytes + rowsBytes(geometry),
  });
  const weights = weightRows(context, geometry, filter, plan.extra + spreadBytes);
  const spread = copies === 1 ? dx : plan.extra;
  plan.forImages(dy, (images, first, source) => {
    for (const { info, target } of plan.passes) {
      const to = spread + first * plan.targetImage + target;
      context.kernels.convolveDepthwise(info, images, source, weights, 0, -Infinity, Infinity, to);
    }
  });
  if (copies > 1) context.kernels.sumCopies(spread, pixels * inputs, copies, dx);
}

export function depthwiseFilterGradient(
  context: KernelContext,
  geometry: Geometry,
  x: number,
  dy: number,
  dw: number,
): void {
  const { inputs, filters } = geometry;
  const sums = tapsOf(geometry) * rowBytes(filters);
  const plan = planWindows(context, {
    ...between(geometry, inputOf(geometry), outputOf(geometry), forward(geometry)),
    runs: "taps",
    copies: filters / inputs,
    extraBytes: sums,
  });
  const [{ info, taps }] = plan.passes;
  context.kernels.fillZero(plan.extra, sums);
  plan.forImages(x, (images, first, source) => {
    context.kernels.depthwiseFilterGradient(info, images, source, dy + first * plan.targetImage, plan.extra);
  });
  for (const tap of taps) {
    context.kernels.copyFloats(plan.extra + tap * rowBytes(filters), filters, dw + tap * filters * 4);
  }
}

function between(
  geometry: Geometry,
  source: Images,
  target: Images,
  walks: PlanSettings["walks"],
): Pick<PlanSettings, "images" | "source" | "target" | "walks" | "kernel"> {
  return { images: geometry.images, source, target, walks, kernel: kernelOf(geometry) };
}

/** A row of weights in whole vectors. */
function rowBytes(channels: number): number {
  return Math.ceil(channels / 4) * 16;
}

/** Of a depthwise filter, unless its rows are whole vectors as they are. */
function rowsBytes(geometry: Geometry): number {
  const { filters } = geometry;
  return filters % 4 === 0 ? 0 : tapsOf(geometry) * rowBytes(filters);
}

/** A depthwise filter with a row of whole vectors for each tap: itself, or a copy in `room`. */
function weightRows(context: KernelContext, geometry: Geometry, filter: number, room: number): number {
  const { filters } = geometry;
  if (filters % 4 === 0) return filter;
  for (let tap = 0; tap < tapsOf(geometry); tap++) {
    context.kernels.copyFloats(filter + tap * filters * 4, filters, room + tap * rowBytes(filters));
  }
  return room;
}

function tapsOf(geometry: Geometry): number {
  const [depth, height, width] = kernelOf(geometry);
  return depth * height * width;
}

/** More kinds of windows than this would cost more than the copy with a border that they save. */
const mostPasses = 16;

/**
 * Walks that read nothing beside the images, so that those need not be copied to have zeros around them: nine, where a
 * window of three by three reaches one pixel beyond each edge.
 */
function withoutBorder(walks: Three<AxisWalk[]>, sizes: Images["sizes"]): Three<AxisWalk[]> {
  const within = walks.map((each, axis) => each.flatMap((walk) => walksWithin(sizes[axis], walk))) as Three<AxisWalk[]>;
  const most = Math.max(mostPasses, walks[0].length * walks[1].length * walks[2].length);
  return within[0].length * within[1].length * within[2].length > most ? walks : within;
}
