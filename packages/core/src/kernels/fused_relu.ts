import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Attributes, KernelContext } from "./wasm_backend.ts";

/**
 * A fused kernel whose relu, if it has one, is done after it.
 *
 * XNNPACK's own gives 0 for NaN, so that a diverged run would go on with dead units and a finite loss.
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
