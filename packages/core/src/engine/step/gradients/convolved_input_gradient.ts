import type { Activation } from "../layout/activation.ts";
import { axisPhase } from "../layout/axis_phase.ts";
import { ConvolutionKernel } from "../operations/convolution_kernel.ts";
import type { FilterGeometry } from "../layout/filter_geometry.ts";
import type { InputGradient, OutputGradient } from "./input_gradient.ts";
import type { OperationContext } from "../operations/operation_context.ts";
import { inputGradientTile } from "../choice/winograd_choice.ts";

/** One set of input pixels that see the same taps of the filter. */
interface Phase {
  readonly convolve: ConvolutionKernel;
  /** Addresses of the phase's first window and first pixel. */
  readonly from: number;
  readonly to: number;
  /** Offsets of the taps' [C, K] matrices among the parameters, in the order of the packed rows; bytes. */
  readonly taps: readonly number[];
}

/**
 * Input gradient of a convolution: itself a convolution of the output's gradient with the turned filter.
 *
 *     dx[h, w, c] = Σ_{r, s, k} dy[(h - r) / stride, (w - s) / stride, k] · w[r, s, c, k]     where the divisions leave no rest
 *
 * With a stride, pixels fall into phases (h mod stride, w mod stride); each phase is a dense convolution with the taps
 * that reach it, so no zeros are multiplied. Pixels of a phase without taps keep a gradient of zero.
 */
export class ConvolvedInputGradient implements InputGradient {
  readonly #context: OperationContext;
  readonly #geometry: FilterGeometry;
  readonly #phases: Phase[] = [];
  /** Address of the filter turned by half a turn, where Winograd's algorithm wants it; else 0. */
  readonly #turned: number;

  constructor(
    context: OperationContext,
    name: string,
    geometry: FilterGeometry,
    input: Activation,
    delta: OutputGradient,
  ) {
    this.#context = context;
    this.#geometry = geometry;
    const { border, strideHeight, strideWidth, kernelHeight, kernelWidth, height, width, inputs, filters } = geometry;
    const winograd = inputGradientTile(geometry);
    this.#turned = winograd !== undefined ? context.arena.allocate(9 * inputs * filters * 4) : 0;
    const inputPixel = inputs * 4;
    const deltaPixel = filters * 4;
    for (let a = 0; a < strideHeight; a++) {
      const rows = axisPhase(a, strideHeight, kernelHeight, height, border.top, delta.border.top);
      for (let b = 0; b < strideWidth; b++) {
        const columns = axisPhase(b, strideWidth, kernelWidth, width, border.left, delta.border.left);
        if (rows.taps.length * rows.count * columns.taps.length * columns.count === 0) continue;
        const taps = rows.taps.flatMap((r) => columns.taps.map((s) => (r * kernelWidth + s) * inputPixel * filters));
        const convolve = new ConvolutionKernel(context, `${name}/inputGradient/${a}/${b}`, {
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
          kernelWidth: columns.taps.length,
          inputs: filters,
          channels: inputs,
          clip: undefined,
          winograd,
        });
        this.#phases.push({
          convolve,
          from: delta.address + rows.start * delta.rowStride + columns.start * deltaPixel,
          to: input.gradient + input.interior + rows.first * input.rowStride + columns.first * inputPixel,
          taps,
        });
      }
    }
  }

  /** Filters of one tap come in rows, each a pixel's input channel, in whole panels of them; others come whole. */
  pack(source: number, first: number, rows: number): void {
    const { kernels, linker } = this.#context;
    const { inputs, filters } = this.#geometry;
    if (this.#turned !== 0) {
      kernels.turnFilters(source, inputs, filters, this.#turned);
      for (const { convolve } of this.#phases) convolve.pack(this.#turned, 0, 9 * filters);
      return;
    }
    const lanes = linker.panelVectors * 4;
    const channels = Math.min(inputs, rows);
    for (const { taps, convolve } of this.#phases) {
      const inner = taps.length * filters;
      const target = convolve.weights + first * inner * 4;
      for (let t = 0; t < taps.length; t++) {
        kernels.packPanelsTransposed(source + taps[t], channels, filters, lanes, target, t * filters, inner);
      }
    }
  }

  compute(images: number): void {
    for (const { convolve, from, to } of this.#phases) convolve.run(images, from, this.#context.zeros, to, 0);
  }
}
