import type { TfjsKernel } from "../kernel_context.ts";

/** dx = dy · step(x): a kernel of ours alone, for the gradient of relu. Shape: any. */
export const reluGradient: TfjsKernel = (context, { dy, x }) => {
  const dx = context.output(x.shape);
  const { kernels, address } = context;
  const floats = x.dtype === "float32" ? x : context.run("Cast", { x }, { dtype: "float32" });
  kernels.reluGradient(address(dy), address(floats), address(dx), context.tf.util.sizeFromShape(x.shape));
  if (floats !== x) context.release(floats);
  return dx;
};
