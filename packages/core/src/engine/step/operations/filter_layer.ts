import type { ParameterSpec } from "../../../network/layers/built_layer.ts";
import type { ConvolutionBlock } from "../blocks.ts";
import { type FilterGeometry, filterGeometry } from "../layout/filter_geometry.ts";
import type { PackRows } from "../layout/parameter_vector.ts";
import type { Operation } from "./operation.ts";
import type { OperationContext } from "./operation_context.ts";

/** A layer with filters: its sizes, and where its parameters lie in the flat vector. */
export interface FilterLayer {
  readonly geometry: FilterGeometry;
  readonly kernel: ParameterSpec;
  /** Undefined for a layer without one; `biasAddress` is then that of zeros. */
  readonly bias: ParameterSpec | undefined;
  readonly biasAddress: number;
  /** Hands out the kernel as a matrix, [R · S · C, K]. */
  readonly matrix: (pack: PackRows) => void;
  /** What the layer's operation says of itself. */
  readonly identity: Pick<Operation, "name" | "parameterCount">;
}

export function filterLayer(context: OperationContext, block: ConvolutionBlock): FilterLayer {
  const [kernel, bias] = block.built.parameters;
  const geometry = filterGeometry(block);
  const { filters } = geometry;
  // Of one pixel, as a dense layer's: both ways to use it read panels of the matrix or of its transpose.
  const inRows = geometry.kernelHeight * geometry.kernelWidth === 1 && !block.pooled;
  return {
    geometry,
    kernel,
    bias,
    biasAddress: bias === undefined ? context.zeros : context.parameters.address + bias.offset * 4,
    matrix: context.parameters.matrix(kernel.offset, kernel.size / filters, filters, inRows),
    identity: {
      name: block.built.name,
      parameterCount: kernel.size + (bias?.size ?? 0),
    },
  };
}
