import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { KernelContext, TfjsKernel } from "../kernel_context.ts";
import { binary } from "./binary.ts";
import { binaryOperation } from "./binary_operation.ts";

/**
 * y = x, times alpha below zero. Shape: any two that can be broadcast.
 * The stock kernel takes alpha for a vector of channels: wrong for one with an axis of size 1 within, as of
 * `tf.layers.prelu({ sharedAxes })`. It also makes NaN of an infinity.
 */
export const prelu: TfjsKernel = (context, { x, alpha }) => {
  const a = asFloats(context, x);
  const b = asFloats(context, alpha);
  const y = binary(context, binaryOperation.prelu, a, b);
  if (a !== x) context.release(a);
  if (b !== alpha) context.release(b);
  return y;
};

function asFloats(context: KernelContext, x: TensorInfo): TensorInfo {
  return x.dtype === "float32" ? x : context.run("Cast", { x }, { dtype: "float32" });
}
