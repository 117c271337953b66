import type { Emitted } from "../../emit/module/linker.ts";
import { emitRoutedInputGradient } from "../../emit/pooled/routed_input_gradient.ts";
import type { OperationContext } from "../operations/operation_context.ts";
import { PackedFilters } from "./packed_filters.ts";
import type { PooledLayer } from "../operations/pooled_layer.ts";

/** Input gradient of a convolution with a 2×2 max pool: only the windows that won their pools are visited. */
export class RoutedInputGradient {
  readonly #context: OperationContext;
  readonly #layer: PooledLayer;
  readonly #kernel: Emitted;
  readonly #filters: PackedFilters;

  constructor(context: OperationContext, layer: PooledLayer) {
    const { linker } = context;
    const { block, shape } = layer;
    this.#context = context;
    this.#layer = layer;
    this.#filters = new PackedFilters(context, shape);
    const code = emitRoutedInputGradient(shape, linker.panelVectors);
    this.#kernel = linker.add(`${block.built.name}/inputGradient`, code);
  }

  /** @param parameters Address of the layer's [R, S, C, K] weights. */
  pack(parameters: number): void {
    this.#filters.pack(parameters);
  }

  compute(images: number): void {
    const { input, output, argmax } = this.#layer;
    const outputGradient = output.gradient + output.interior;
    this.#context.kernels.fillZero(input.gradient, images * input.imageStride);
    this.#kernel.run(images, input.gradient, outputGradient, argmax, this.#filters.address);
  }
}
