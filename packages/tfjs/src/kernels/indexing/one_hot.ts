import { memoryOf } from "@convoy/core/engine";
import type { DataType } from "@tensorflow/tfjs-core";
import type { TfjsKernel } from "../kernel_context.ts";

/**
 * y[.., i, d] = onValue where indices[i] is d, and offValue elsewhere. Shape: [..] → [.., depth].
 * The stock kernel writes integers into the tensor, whatever its type: 7e-45 for an onValue of 5 in float32.
 */
export const oneHot: TfjsKernel = (context, { indices }, attributes) => {
  const { dtype, depth, onValue, offValue } = attributes as {
    dtype: DataType;
    depth: number;
    onValue: number;
    offValue: number;
  };
  const y = context.output([...indices.shape, depth], dtype);
  const count = context.tf.util.sizeFromShape(indices.shape);
  const { buffer } = memoryOf(context.backend);
  const from = new Int32Array(buffer, context.address(indices), count);
  const Values = dtype === "float32" ? Float32Array : dtype === "int32" ? Int32Array : Uint8Array;
  const to = new Values(buffer, context.address(y), count * depth).fill(offValue);
  for (let i = 0; i < count; i++) {
    if (from[i] >= 0 && from[i] < depth) to[i * depth + from[i]] = onValue;
  }
  return y;
};
