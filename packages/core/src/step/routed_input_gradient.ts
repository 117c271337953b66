import { filterBytes, rowVectors } from "../emit/filter_vectors.ts";
import type { Emitted } from "../emit/linker.ts";
import { emitRoutedInputGradient } from "../emit/routed_input_gradient.ts";
import type { OperationContext } from "./operation_context.ts";
import type { PooledLayer } from "./pooled_layer.ts";

/** Input gradient of a convolution with a 2×2 max pool: only the windows that won their pools are visited. */
export class RoutedInputGradient {
  readonly #context: OperationContext;
  readonly #layer: PooledLayer;
  readonly #kernel: Emitted;
  /** Address of the filters, one after the other, rows in whole vectors. */
  readonly #packed: number;

  constructor(context: OperationContext, layer: PooledLayer) {
    const { arena, linker } = context;
    const { block, shape } = layer;
    this.#context = context;
    this.#layer = layer;
    this.#packed = arena.allocate(shape.channels * filterBytes(shape, linker.panelVectors));
    const code = emitRoutedInputGradient(shape, linker.panelVectors);
    this.#kernel = linker.add(`${block.built.name}/inputGradient`, code);
  }

  /** @param parameters Address of the layer's [R, S, C, K] weights. */
  pack(parameters: number): void {
    const { kernels, linker } = this.#context;
    const { shape } = this.#layer;
    const rowFloats = rowVectors(shape, linker.panelVectors) * 4;
    kernels.packFilters(parameters, shape.taps, shape.segment, rowFloats, shape.channels, this.#packed);
  }

  compute(images: number): void {
    const { input, output, argmax } = this.#layer;
    const outputGradient = output.gradient + output.interior;
    this.#context.kernels.fillZero(input.gradient, images * input.imageStride);
    this.#kernel.run(images, input.gradient, outputGradient, output.values - output.gradient, argmax, this.#packed);
  }
}
