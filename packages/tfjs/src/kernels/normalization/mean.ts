import { quotient } from "../elementwise/unary.ts";
import type { TfjsKernel } from "../kernel_context.ts";
import { reduction } from "../reductions/reduction_kernels.ts";

const meanOfSome: TfjsKernel = (context, inputs, attributes, stock) => {
  const { x } = inputs;
  if (x.dtype !== "float32") return stock(inputs, attributes);
  const { sizeFromShape } = context.tf.util;
  const sum = context.run("Sum", { x }, attributes);
  const y = quotient(context, sum, sizeFromShape(x.shape) / sizeFromShape(sum.shape));
  context.release(sum);
  return y;
};

/**
 * Sum over axes, divided by the number of values; NaN where there are none. Shape: as Sum's.
 * The stock kernel turns the axes inwards first, then adds one value at a time, and leaves memory as it was where there is
 * nothing to add.
 */
export const mean: TfjsKernel = reduction(Number.NaN, meanOfSome, () => "float32");
