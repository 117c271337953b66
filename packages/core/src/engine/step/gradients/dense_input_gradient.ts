import type { Activation } from "../layout/activation.ts";
import type { FilterGeometry } from "../layout/filter_geometry.ts";
import { panelRowsInCache, type RowBlock, rowBlocks } from "../layout/row_blocks.ts";
import { ConvolutionKernel } from "../operations/convolution_kernel.ts";
import type { ForwardKernel } from "../operations/filter_operation.ts";
import type { OperationContext } from "../operations/operation_context.ts";
import type { InputGradient, OutputGradient } from "./input_gradient.ts";

/** Whether a layer has one window of one pixel, as a dense layer. */
export function isDense({ height, width, kernelHeight, kernelWidth }: FilterGeometry): boolean {
  return height * width * kernelHeight * kernelWidth === 1;
}

/**
 * Input gradient of a dense layer, dx = dy · Wᵀ. It needs W by columns, where the forward pass has packed it by rows. Some
 * columns of dx at a time, their weights are transposed from the forward pass's panels into the first-level cache and used
 * there: a second packed form of all weights would go through memory, see docs/decisions/0009-less-memory-a-step.md.
 */
export class DenseInputGradient implements InputGradient {
  readonly #context: OperationContext;
  readonly #geometry: FilterGeometry;
  readonly #forward: ForwardKernel;
  readonly #blocks: readonly RowBlock<ConvolutionKernel>[];
  /** Addresses of the first image's dy and dx. */
  readonly #from: number;
  readonly #to: number;

  constructor(
    context: OperationContext,
    name: string,
    geometry: FilterGeometry,
    forward: ForwardKernel,
    input: Activation,
    delta: OutputGradient,
  ) {
    const { inputs, filters } = geometry;
    this.#context = context;
    this.#geometry = geometry;
    this.#forward = forward;
    this.#from = delta.address + delta.interior;
    this.#to = input.gradient + input.interior;
    const windows = {
      rows: 1,
      columns: 1,
      inputRowStep: delta.rowStride,
      inputColumnStep: filters * 4,
      inputImageStride: delta.imageStride,
      outputRowStep: input.rowStride,
      outputColumnStep: inputs * 4,
      outputImageStride: input.imageStride,
      taps: 1,
      tapStride: delta.rowStride,
      kernelWidth: 1,
      inputs: filters,
      clip: undefined,
      winograd: undefined,
    };
    this.#blocks = rowBlocks(inputs, panelRowsInCache(filters), (channels, suffix) => {
      return new ConvolutionKernel(context, `${name}/inputGradient${suffix}`, { ...windows, channels });
    });
  }

  /** The forward pass has done it. */
  pack(): void {}

  compute(images: number): void {
    const { kernels, linker, zeros } = this.#context;
    const { inputs, filters } = this.#geometry;
    const lanes = linker.panelVectors * 4;
    for (let i = 0; i < this.#blocks.length; i++) {
      const { first, rows, kernel } = this.#blocks[i];
      kernels.transposePanels(this.#forward.weights, inputs, filters, lanes, first, rows, kernel.weights);
      kernel.run(images, this.#from, zeros, this.#to + first * 4, 0);
    }
  }
}
