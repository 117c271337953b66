import { filterBytes, type FilterShape, rowVectors } from "../../emit/tiles/filter_vectors.ts";
import type { OperationContext } from "../operations/operation_context.ts";

/** A layer's filters one after the other, their rows in whole vectors: as kernels read them that add filters to windows. */
export class PackedFilters {
  readonly address: number;
  readonly #context: OperationContext;
  readonly #shape: FilterShape;

  constructor(context: OperationContext, shape: FilterShape) {
    const { arena, linker } = context;
    this.address = arena.allocate(shape.channels * filterBytes(shape, linker.panelVectors));
    this.#context = context;
    this.#shape = shape;
  }

  /** @param parameters Address of the layer's [R, S, C, K] weights. */
  pack(parameters: number): void {
    const { kernels, linker } = this.#context;
    const { taps, segment, channels } = this.#shape;
    const rowFloats = rowVectors(this.#shape, linker.panelVectors) * 4;
    kernels.packFilters(parameters, taps, segment, rowFloats, channels, this.address);
  }
}
