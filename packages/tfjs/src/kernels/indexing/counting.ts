import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { KernelContext, KernelFamily } from "../kernel_context.ts";
import { throughIntegers } from "../through_integers.ts";

/**
 * y[v] = how often v is in x, or the sum of the weights where it is. Shape: x of any rank → [size], or a row for each row.
 *
 * The stock Bincount counts right, but gives an x of more than one dimension a shape that its data do not have. Both stock
 * kernels leave memory as it was where weights are truth values, and pass over numbers below zero, which are refused here,
 * as on tfjs's CPU backend.
 */
export const countingKernels: KernelFamily = {
  Bincount: throughIntegers([0], (context, { x, weights }, attributes, stock) => {
    checkNotNegative(context, x);
    return stock({ x: { ...x, shape: [context.tf.util.sizeFromShape(x.shape)] }, weights }, attributes);
  }),
  DenseBincount: throughIntegers([0], (context, inputs, attributes, stock) => {
    checkNotNegative(context, inputs["x"]);
    return stock(inputs, attributes);
  }),
};

function checkNotNegative(context: KernelContext, x: TensorInfo): void {
  for (const value of context.backend.typedArrayFromHeap(x)) {
    context.tf.util.assert(value >= 0, () => "Input x must be non-negative!");
  }
}
