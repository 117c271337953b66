import type { TensorInfo } from "@tensorflow/tfjs-core";
import { withReluAfter } from "../elementwise/fused_relu.ts";
import type { KernelContext, TfjsKernel } from "../kernel_context.ts";

/**
 * Matrix product with transposed operands: transposed first, then multiplied without flags, as XNNPACK does it.
 *
 *     y = a · b + bias
 *
 * Shape: a [.., M, I], b [.., I, K] after transposition → [.., M, K]; bias and activation in the fused form only.
 * The stock kernel's own loop for transposed operands is scalar, 5 to 15 times slower, and in its fused form wrong for
 * inner sizes above 48, where it adds the bias once for every block of 48.
 */
export const matMul: TfjsKernel = (context, inputs, attributes, stock) => {
  const a = attributes["transposeA"] === true ? transposed(context, inputs["a"]) : inputs["a"];
  const b = attributes["transposeB"] === true ? transposed(context, inputs["b"]) : inputs["b"];
  const plain = { ...attributes, transposeA: false, transposeB: false };
  const out = withReluAfter(context, plain, (rest) => stock({ ...inputs, a, b }, rest));
  if (a !== inputs["a"]) context.release(a);
  if (b !== inputs["b"]) context.release(b);
  return out;
};

function transposed(context: KernelContext, x: TensorInfo): TensorInfo {
  const rank = x.shape.length;
  const perm = Array.from({ length: rank }, (_, axis) => axis);
  perm[rank - 2] = rank - 1;
  perm[rank - 1] = rank - 2;
  return context.run("Transpose", { x }, { perm });
}
