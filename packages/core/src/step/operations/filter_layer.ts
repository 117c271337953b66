import type { ParameterSpec } from "../../layers/layer.ts";
import type { ConvolutionBlock } from "../blocks.ts";
import { type FilterGeometry, filterGeometry } from "../layout/filter_geometry.ts";
import type { Operation } from "./operation.ts";
import type { OperationContext } from "./operation_context.ts";

/** A layer with filters: its sizes, and where its parameters lie in the flat vector. */
export interface FilterLayer {
  readonly geometry: FilterGeometry;
  readonly kernel: ParameterSpec;
  /** Undefined for a layer without one; `biasAddress` is then that of zeros. */
  readonly bias: ParameterSpec | undefined;
  readonly kernelAddress: number;
  readonly biasAddress: number;
  /** What the layer's operation says of itself. */
  readonly identity: Pick<Operation, "name" | "parameterCount">;
}

export function filterLayer(context: OperationContext, block: ConvolutionBlock): FilterLayer {
  const [kernel, bias] = block.built.parameters;
  return {
    geometry: filterGeometry(block),
    kernel,
    bias,
    kernelAddress: context.parameters + kernel.offset * 4,
    biasAddress: bias === undefined ? context.zeros : context.parameters + bias.offset * 4,
    identity: {
      name: block.built.name,
      parameterCount: kernel.size + (bias?.size ?? 0),
    },
  };
}
