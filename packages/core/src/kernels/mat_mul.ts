import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { KernelContext, TapeKernel } from "./wasm_backend.ts";

/**
 * Matrix product with transposed operands: transposed first, then multiplied without flags, as XNNPACK does it.
 *
 * Shape: a [.., M, I], b [.., I, K] after transposition → [.., M, K]; the fused form adds bias and an activation.
 * The stock kernel's own loop for transposed operands is scalar, 5 to 15 times slower, and in its fused form wrong for
 * inner sizes above 48, where it adds the bias once for every block of 48.
 */
export const matMul: TapeKernel = (context, inputs, attributes, stock) => {
  const a = attributes["transposeA"] === true ? transposed(context, inputs["a"]) : inputs["a"];
  const b = attributes["transposeB"] === true ? transposed(context, inputs["b"]) : inputs["b"];
  const out = stock({ ...inputs, a, b }, { ...attributes, transposeA: false, transposeB: false });
  for (const [copy, original] of [
    [a, inputs["a"]],
    [b, inputs["b"]],
  ]) {
    if (copy !== original) context.tf.backend().disposeData(copy.dataId);
  }
  return out;
};

function transposed({ tf }: KernelContext, x: TensorInfo): TensorInfo {
  const rank = x.shape.length;
  const perm = Array.from({ length: rank }, (_, i) => i);
  perm[rank - 2] = rank - 1;
  perm[rank - 1] = rank - 2;
  const transpose = tf.getKernel("Transpose", "wasm");
  return transpose.kernelFunc({ inputs: { x }, backend: tf.backend(), attrs: { perm } }) as TensorInfo;
}
