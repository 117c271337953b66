import { emitConvolve } from "../emit/convolve.ts";
import type { Emitted } from "../emit/linker.ts";
import { panelBytes } from "../emit/tiling.ts";
import type { Activation, Border, Layout } from "./activation.ts";
import type { FilterGeometry } from "./filter_geometry.ts";
import type { OperationContext } from "./operation_context.ts";

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

/** One set of input pixels that see the same taps of the filter. */
interface Phase {
  readonly convolve: Emitted;
  /** Addresses of the phase's first window and first pixel. */
  readonly from: number;
  readonly to: number;
  readonly weights: number;
  /** Offsets of the taps' [C, K] matrices among the parameters, in the order of the packed rows; bytes. */
  readonly taps: readonly number[];
}

/** Along one axis: the pixels first, first + stride, … and the taps that reach them. */
interface AxisPhase {
  readonly first: number;
  readonly count: number;
  /** From the last tap to the first: then the outputs they belong to ascend. */
  readonly taps: readonly number[];
  /** Where the first pixel's window starts in the bordered output gradient. */
  readonly start: number;
}

function axisPhase(
  phase: number,
  stride: number,
  kernel: number,
  size: number,
  pad: number,
  border: number,
): AxisPhase {
  const taps: number[] = [];
  for (let r = phase; r < kernel; r += stride) taps.unshift(r);
  const first = (((phase - pad) % stride) + stride) % stride;
  const start = border + Math.floor((first + pad) / stride) - (taps.length - 1);
  return { first, count: Math.max(0, Math.ceil((size - first) / stride)), taps, start };
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
  readonly #context: OperationContext;
  readonly #geometry: FilterGeometry;
  readonly #phases: Phase[] = [];

  constructor(
    context: OperationContext,
    name: string,
    geometry: FilterGeometry,
    input: Activation,
    delta: Layout & { readonly address: number },
  ) {
    this.#context = context;
    this.#geometry = geometry;
    const { border, strideHeight, strideWidth, kernelHeight, kernelWidth, height, width, inputs, filters } = geometry;
    const inputPixel = inputs * 4;
    const deltaPixel = filters * 4;
    for (let a = 0; a < strideHeight; a++) {
      const rows = axisPhase(a, strideHeight, kernelHeight, height, border.top, delta.border.top);
      for (let b = 0; b < strideWidth; b++) {
        const columns = axisPhase(b, strideWidth, kernelWidth, width, border.left, delta.border.left);
        if (rows.taps.length * rows.count * columns.taps.length * columns.count === 0) continue;
        const taps = rows.taps.flatMap((r) => columns.taps.map((s) => (r * kernelWidth + s) * inputPixel * filters));
        const code = emitConvolve(
          {
            rows: rows.count,
            columns: columns.count,
            inputRowStep: delta.rowStride,
            inputColumnStep: deltaPixel,
            inputImageStride: delta.imageStride,
            outputRowStep: strideHeight * input.rowStride,
            outputColumnStep: strideWidth * inputPixel,
            outputImageStride: input.imageStride,
            taps: rows.taps.length,
            tapStride: delta.rowStride,
            segment: columns.taps.length * filters,
            channels: inputs,
            relu: false,
          },
          context.linker.panelVectors,
        );
        this.#phases.push({
          convolve: context.linker.add(`${name}/inputGradient/${a}/${b}`, code),
          from: delta.address + rows.start * delta.rowStride + columns.start * deltaPixel,
          to: input.gradient + input.interior + rows.first * input.rowStride + columns.first * inputPixel,
          weights: context.arena.allocate(panelBytes(taps.length * filters, inputs, context.linker.panelVectors)),
          taps,
        });
      }
    }
  }

  /** @param parameters Address of the layer's [R, S, C, K] weights. */
  pack(parameters: number): void {
    const { kernels, linker } = this.#context;
    const { inputs, filters } = this.#geometry;
    const lanes = linker.panelVectors * 4;
    for (const { taps, weights } of this.#phases) {
      for (let t = 0; t < taps.length; t++) {
        const rows = taps.length * filters;
        kernels.packPanelsTransposed(parameters + taps[t], inputs, filters, lanes, weights, t * filters, rows);
      }
    }
  }

  compute(images: number): void {
    for (const { convolve, from, to, weights } of this.#phases) {
      convolve.run(images, from, weights, this.#context.zeros, to, 0);
    }
  }
}
