import type { Arena } from "./arena.ts";
import type { Activation, Layout } from "./activation.ts";
import type { FilterGeometry } from "./filter_geometry.ts";
import { weightGradientPlan } from "./plans.ts";
import type { StepKernels } from "./step_kernels.ts";

/** Windows that should be summed before the sums go back to memory. */
const windowsAtOnce = 128;

/** The weight gradient of a convolution or dense layer from its input and the gradient of its output. */
export class WeightGradient {
  readonly #kernels: StepKernels;
  readonly #plan: number;
  readonly #windows: number;
  readonly #imagesAtOnce: number;
  readonly #inputStride: number;
  readonly #gradientStride: number;

  constructor(
    arena: Arena,
    kernels: StepKernels,
    geometry: FilterGeometry,
    input: Activation,
    output: Layout & { readonly address: number },
    capacity: number,
  ) {
    this.#kernels = kernels;
    this.#windows = geometry.outputHeight * geometry.outputWidth;
    this.#imagesAtOnce = Math.max(1, Math.floor(windowsAtOnce / this.#windows));
    this.#inputStride = input.imageStride;
    this.#gradientStride = output.imageStride;
    const pixel = input.channels * 4;
    const windows: number[] = [];
    for (let n = 0; n < (this.#imagesAtOnce > 1 ? capacity : 1); n++) {
      for (let y = 0; y < geometry.outputHeight; y++) {
        for (let x = 0; x < geometry.outputWidth; x++) {
          windows.push(
            n * input.imageStride + y * geometry.strideHeight * input.rowStride + x * geometry.strideWidth * pixel,
            n * output.imageStride + output.interior + y * output.rowStride + x * output.channels * 4,
          );
        }
      }
    }
    const inner: number[] = [];
    for (let r = 0; r < geometry.kernelHeight; r++) {
      for (let j = 0; j < geometry.kernelWidth * geometry.inputs; j++) inner.push(r * input.rowStride + j * 4);
    }
    const innerCount = inner.length;
    while (inner.length % 4 !== 0) inner.push(inner[innerCount - 1]);
    this.#plan = arena.struct(weightGradientPlan, {
      input: input.values,
      gradient: output.address,
      windows: arena.table(windows),
      inner: arena.table(inner),
      innerCount,
      channels: geometry.filters,
    });
  }

  /** Writes the sum over images first to first + images - 1 to [R, S, C, K] at `target`. */
  compute(first: number, images: number, target: number): void {
    const kernels = this.#kernels;
    if (this.#imagesAtOnce > 1 || images === 0) {
      const step = this.#imagesAtOnce;
      for (let n = first; n === first || n < first + images; n += step) {
        const end = Math.min(n + step, first + images);
        kernels.weightGradient(this.#plan, 0, 0, n * this.#windows, end * this.#windows, target, n > first ? 1 : 0);
      }
      return;
    }
    for (let n = first; n < first + images; n++) {
      const accumulate = n > first ? 1 : 0;
      weightGradient(this.#plan, n * this.#inputStride, n * this.#gradientStride, 0, this.#windows, target, accumulate);
    }
  }
}
