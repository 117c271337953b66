import type { TfjsKernel } from "../kernel_context.ts";

/**
 * y = max(x, 0); NaN stays NaN. Shape: any.
 *
 * The stock kernel (XNNPACK) gives 0 for a NaN with its sign bit set, which is what x86 makes of ∞ - ∞: a diverged run
 * would go on with dead units and a finite loss.
 */
export const relu: TfjsKernel = (context, inputs, attributes, stock) => {
  const { x } = inputs;
  if (x.dtype !== "float32") return stock(inputs, attributes);
  const y = context.output(x.shape);
  const count = x.shape.reduce((product, size) => product * size, 1);
  context.kernels.reluVector(context.address(x), context.address(y), count);
  return y;
};
