import { emitUnpooledWeightGradient } from "../../emit/pooled/unpooled_weight_gradient.ts";
import type { OperationContext } from "../operations/operation_context.ts";
import type { PooledLayer, WriteWeightGradient } from "../operations/pooled_layer.ts";

/** Weight gradient of a convolution with a 2×2 max pool, over all windows: nothing is listed. */
export function unpooledWeights({ linker }: OperationContext, layer: PooledLayer): WriteWeightGradient {
  const { block, shape, input, output, argmax } = layer;
  const [kernel, bias] = block.built.parameters;
  const code = emitUnpooledWeightGradient(shape, bias !== undefined);
  const weightGradient = linker.add(`${block.built.name}/weightGradient`, code);
  const outputGradient = output.gradient + output.interior;
  const argmaxStride = shape.rows * shape.columns * shape.channels * 4;
  return (first, images, gradient) => {
    weightGradient.run(
      images,
      input.values + first * input.imageStride,
      outputGradient + first * output.imageStride,
      argmax + first * argmaxStride,
      gradient + kernel.offset * 4,
      bias === undefined ? 0 : gradient + bias.offset * 4,
    );
  };
}
