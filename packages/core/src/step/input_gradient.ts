import type { Activation, Border, Layout } from "./activation.ts";
import type { Arena } from "./arena.ts";
import { cacheBlocking, splitRow } from "./cache_blocking.ts";
import type { FilterGeometry } from "./filter_geometry.ts";
import { convolvePlan } from "./plans.ts";
import type { StepKernels } from "./step_kernels.ts";

/** One set of input pixels that see the same taps of the filter. */
interface Phase {
  readonly plan: number;
  readonly weights: number;
  readonly panelStride: number;
  /** Offsets of the taps' [C, K] matrices among the parameters, in the order of the packed rows; bytes. */
  readonly taps: readonly number[];
}

/** The zeros that an output gradient needs around it, so that every tap of every input pixel can be read. */
export function deltaBorder(geometry: FilterGeometry): Border {
  const { border } = geometry;
  return {
    top: zerosBefore(geometry.kernelHeight, geometry.strideHeight),
    left: zerosBefore(geometry.kernelWidth, geometry.strideWidth),
    bottom: zerosAfter(border.top + geometry.height, geometry.strideHeight, geometry.outputHeight),
    right: zerosAfter(border.left + geometry.width, geometry.strideWidth, geometry.outputWidth),
  };
}

function zerosBefore(kernel: number, stride: number): number {
  return Math.ceil(kernel / stride) - 1;
}

/** @param end One past the last input pixel, counted from the start of the padding. */
function zerosAfter(end: number, stride: number, outputs: number): number {
  return Math.max(0, Math.floor((end - 1) / stride) - (outputs - 1));
}

/**
 * Input gradient of a convolution: itself a convolution of the output's gradient with the turned filter.
 *
 *     dx[h, w, c] = Σ_{r, s, k} dy[(h - r) / stride, (w - s) / stride, k] · w[r, s, c, k]     where the divisions leave no rest
 *
 * With a stride, pixels fall into phases (h mod stride, w mod stride); each phase is a dense convolution with the taps
 * that reach it, so no zeros are multiplied. Pixels of a phase without taps keep a gradient of zero.
 */
export class InputGradient {
  readonly #kernels: StepKernels;
  readonly #phases: Phase[] = [];
  readonly #inputs: number;
  readonly #filters: number;

  constructor(
    arena: Arena,
    kernels: StepKernels,
    geometry: FilterGeometry,
    input: Activation,
    delta: Layout & { readonly address: number },
    zeros: number,
  ) {
    this.#kernels = kernels;
    this.#inputs = geometry.inputs;
    this.#filters = geometry.filters;
    for (let a = 0; a < geometry.strideHeight; a++) {
      for (let b = 0; b < geometry.strideWidth; b++) {
        const rows = tapsOf(a, geometry.kernelHeight, geometry.strideHeight);
        const columns = tapsOf(b, geometry.kernelWidth, geometry.strideWidth);
        const windows = phaseWindows(geometry, input, delta, a, b, rows.length, columns.length);
        if (rows.length === 0 || columns.length === 0 || windows.length === 0) continue;
        const matrix = geometry.inputs * geometry.filters * 4;
        const taps = rows.flatMap((r) => columns.map((s) => (r * geometry.kernelWidth + s) * matrix));
        const segment = columns.length * geometry.filters;
        const shape = rows.length === 1 ? splitRow(segment) : { rows: rows.length, segment };
        const panelStride = taps.length * geometry.filters * 32;
        const weights = arena.allocate(Math.ceil(geometry.inputs / 8) * panelStride);
        const plan = arena.struct(convolvePlan, {
          input: delta.address,
          inputImageStride: delta.imageStride,
          windows: arena.table(windows),
          windowCount: windows.length / 2,
          ...shape,
          rowStride: rows.length === 1 ? shape.segment * 4 : delta.rowStride,
          weights,
          bias: zeros,
          output: input.gradient,
          outputImageStride: input.imageStride,
          channels: geometry.inputs,
          relu: 0,
          pooled: 0,
          argmax: 0,
          ...cacheBlocking(shape.rows, shape.segment, false),
        });
        this.#phases.push({ plan, weights, panelStride, taps });
      }
    }
  }

  /** @param parameters Address of the layer's [R, S, C, K] weights. */
  pack(parameters: number): void {
    for (const { taps, weights, panelStride } of this.#phases) {
      for (let t = 0; t < taps.length; t++) {
        const target = weights + t * this.#filters * 32;
        this.#kernels.packPanelsTransposed(parameters + taps[t], this.#inputs, this.#filters, target, panelStride);
      }
    }
  }

  compute(images: number): void {
    for (const { plan } of this.#phases) this.#kernels.convolve(plan, images);
  }
}

/** Taps that reach pixels of a phase, from the last to the first: then the outputs they belong to ascend. */
function tapsOf(phase: number, kernel: number, stride: number): number[] {
  const taps: number[] = [];
  for (let r = phase; r < kernel; r += stride) taps.unshift(r);
  return taps;
}

function phaseWindows(
  geometry: FilterGeometry,
  input: Layout,
  delta: Layout,
  a: number,
  b: number,
  rowTaps: number,
  columnTaps: number,
): number[] {
  const { border, strideHeight, strideWidth } = geometry;
  const windows: number[] = [];
  for (let h = 0; h < geometry.height; h++) {
    if ((h + border.top) % strideHeight !== a) continue;
    const y = delta.border.top + Math.floor((h + border.top) / strideHeight) - (rowTaps - 1);
    for (let w = 0; w < geometry.width; w++) {
      if ((w + border.left) % strideWidth !== b) continue;
      const x = delta.border.left + Math.floor((w + border.left) / strideWidth) - (columnTaps - 1);
      windows.push(
        y * delta.rowStride + x * delta.channels * 4,
        input.interior + h * input.rowStride + w * input.channels * 4,
      );
    }
  }
  return windows;
}
