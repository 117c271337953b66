import { quotient } from "../elementwise/unary.ts";
import type { TfjsKernel } from "../kernel_context.ts";

/**
 * Sum over axes, divided by the number of values. Shape: as Sum's.
 * The stock kernel turns the axes inwards first, and then adds one value at a time.
 */
export const mean: TfjsKernel = (context, inputs, attributes, stock) => {
  const { x } = inputs;
  if (x.dtype !== "float32") return stock(inputs, attributes);
  const { sizeFromShape } = context.tf.util;
  const sum = context.run("Sum", { x }, attributes);
  const y = quotient(context, sum, sizeFromShape(x.shape) / sizeFromShape(sum.shape));
  context.release(sum);
  return y;
};
