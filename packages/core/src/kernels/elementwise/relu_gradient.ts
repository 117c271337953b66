import type { TfjsKernel } from "../kernel_context.ts";

/** dx = dy · step(x): a kernel of ours alone, for the gradient of relu. Shape: any. */
export const reluGradient: TfjsKernel = (context, { dy, x }) => {
  const dx = context.output(x.shape);
  const { kernels, address } = context;
  kernels.reluGradient(address(dy), address(x), address(dx), context.tf.util.sizeFromShape(x.shape));
  return dx;
};
