import type { Emitted } from "../../emit/module/linker.ts";
import { emitScatteredInputGradient, type ScatteredShape } from "../../emit/direct/scattered_input_gradient.ts";
import type { Activation } from "../layout/activation.ts";
import type { FilterGeometry } from "../layout/filter_geometry.ts";
import type { InputGradient, OutputGradient } from "./input_gradient.ts";
import type { OperationContext } from "../operations/operation_context.ts";
import { PackedFilters } from "./packed_filters.ts";

/**
 * Input gradient of a convolution, window by window of its output: all filters, times their gradients, are added to the
 * pixels that the window saw.
 *
 *     dx[h · stride + r, w · stride + s, c] += Σ_k dy[h, w, k] · w[r, s, c, k]
 *
 * Only pairs that exist are multiplied, and a row of a filter, all its channels in one, fills whole vectors.
 */
export class ScatteredInputGradient implements InputGradient {
  readonly #context: OperationContext;
  readonly #kernel: Emitted;
  readonly #filters: PackedFilters;
  readonly #input: Activation;
  readonly #delta: OutputGradient;

  constructor(
    context: OperationContext,
    name: string,
    geometry: FilterGeometry,
    input: Activation,
    delta: OutputGradient,
  ) {
    const { linker } = context;
    const { inputs, filters } = geometry;
    this.#context = context;
    this.#input = input;
    this.#delta = delta;
    const shape: ScatteredShape = {
      rows: geometry.outputHeight,
      columns: geometry.outputWidth,
      inputRowStep: geometry.strideHeight * input.rowStride,
      inputColumnStep: geometry.strideWidth * inputs * 4,
      inputImageStride: input.imageStride,
      outputRowStep: delta.rowStride,
      outputColumnStep: filters * 4,
      outputImageStride: delta.imageStride,
      channels: filters,
      taps: geometry.kernelHeight,
      tapStride: input.rowStride,
      segment: geometry.kernelWidth * inputs,
    };
    this.#filters = new PackedFilters(context, shape);
    this.#kernel = linker.add(`${name}/inputGradient`, emitScatteredInputGradient(shape, linker.panelVectors));
  }

  pack(parameters: number): void {
    this.#filters.pack(parameters);
  }

  compute(images: number): void {
    const { gradient, imageStride } = this.#input;
    const { address, interior } = this.#delta;
    this.#context.kernels.fillZero(gradient, images * imageStride);
    this.#kernel.run(images, gradient, address + interior, this.#filters.address);
  }
}
