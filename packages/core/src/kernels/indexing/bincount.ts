import type { TfjsKernel } from "../kernel_context.ts";

/**
 * y[v] = how often v is in x, or the sum of the weights where it is. Shape: x of any rank → [size].
 * The stock kernel counts right, but gives an x of more than one dimension a shape that its data do not have.
 */
export const bincount: TfjsKernel = ({ tf }, inputs, attributes, stock) => {
  const { x, weights } = inputs;
  return stock({ x: { ...x, shape: [tf.util.sizeFromShape(x.shape)] }, weights }, attributes);
};
