import type { TensorInfo } from "@tensorflow/tfjs-core";
import { withActivation } from "../fused_activation.ts";
import type { TfjsKernel } from "../kernel_context.ts";
import { broadcastMatrices } from "./broadcast_matrices.ts";
import { multiply } from "./product.ts";

/**
 * Matrix product, and its fused form with bias and activation.
 *
 *     y = activation(a · b + bias)
 *
 * Shape: a [.., M, I], b [.., I, K] after transposition → [.., M, K]; leading sizes are broadcast.
 * The stock kernel's own loop for transposed operands or batches is scalar, and in its fused form wrong for inner sizes
 * above 48, where it adds the bias once for every block of 48. For other operands it keeps packed copies of b and bias
 * while their tensors live, and uses them even after their memory was written to. Its relu gives 0 for a NaN.
 */
export const matMul: TfjsKernel = (context, inputs, attributes, stock) => {
  const { a, b } = inputs;
  if (a.dtype !== "float32" && b.dtype !== "float32") {
    const product = (): TensorInfo => context.run("BatchMatMul", { a, b }, attributes);
    return withActivation(context, inputs, attributes, 0, product, false) ?? stock(inputs, attributes);
  }
  const matrices = broadcastMatrices(
    context,
    a,
    b,
    attributes["transposeA"] === true,
    attributes["transposeB"] === true,
  );
  // The stock kernel refuses what is left.
  if (matrices === undefined) return stock(inputs, attributes);
  const { outer, rows, inner, columns, products } = matrices;
  const fused = withActivation(context, inputs, attributes, columns, ({ bias, low, high }) => {
    const y = context.output([...outer, rows, columns]);
    const out = context.address(y);
    for (const { batch, rows: batchRows, first, a: left, b: right } of products) {
      const into = { out: out + first * 4, bias, low, high };
      multiply(context, { batch, rows: batchRows, inner, columns, a: left, b: right, ...into });
    }
    return y;
  });
  return fused ?? stock(inputs, attributes);
};
