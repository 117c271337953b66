import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Attributes, KernelContext } from "../kernel_context.ts";

/**
 * A fused kernel whose relu, if it has one, is ours and comes after it: XNNPACK's gives 0 for NaN (see relu.ts).
 */
export function withReluAfter(
  context: KernelContext,
  attributes: Attributes,
  compute: (attributes: Attributes) => TensorInfo,
): TensorInfo {
  if (attributes["activation"] !== "relu") return compute(attributes);
  const x = compute({ ...attributes, activation: "linear" });
  const y = context.run("Relu", { x });
  context.release(x);
  return y;
}
