import type { TfjsKernel } from "../kernel_context.ts";

/** y = a and b. Shape: any two that can be broadcast; equal ones 16 bytes at a time, which the stock kernel never does. */
export const logicalAnd: TfjsKernel = (context, inputs, attributes, stock) => {
  const { a, b } = inputs;
  const { arraysEqual, sizeFromShape } = context.tf.util;
  if (a.dtype !== "bool" || b.dtype !== "bool" || !arraysEqual(a.shape, b.shape)) return stock(inputs, attributes);
  const y = context.output(a.shape, "bool");
  const { kernels, address } = context;
  kernels.logicalAnd(address(a), address(b), address(y), sizeFromShape(a.shape));
  return y;
};
