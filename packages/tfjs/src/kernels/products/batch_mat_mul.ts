import type { TfjsKernel } from "../kernel_context.ts";
import { broadcastMatrices } from "./broadcast_matrices.ts";
import { matMul } from "./mat_mul.ts";
import { multiply } from "./product.ts";

/**
 * Matrix product of whole numbers too, which the stock kernel refuses: exact, modulo 2³².
 *
 * Shape: a [.., M, I], b [.., I, K] after transposition → [.., M, K]; leading sizes are broadcast.
 */
export const batchMatMul: TfjsKernel = (context, inputs, attributes, stock) => {
  const { a, b } = inputs;
  const { transposeA, transposeB } = attributes;
  const matrices = broadcastMatrices(context, a, b, transposeA === true, transposeB === true, "int32");
  // The stock kernel refuses whole numbers that do not match.
  if (matrices === undefined)
    return a.dtype === "float32" ? matMul(context, inputs, attributes, stock) : stock(inputs, attributes);
  const { outer, rows, inner, columns, products } = matrices;
  const y = context.output([...outer, rows, columns], "int32");
  const out = context.address(y);
  for (const { first, ...product } of products) {
    const into = { inner, columns, out: out + first * 4, bias: 0, low: -Infinity, high: Infinity };
    multiply(context, { ...product, ...into }, "integerProduct");
  }
  return y;
};
