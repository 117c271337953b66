import type { KernelFamily, TfjsKernel } from "../kernel_context.ts";
import { throughIntegers } from "../through_integers.ts";

/**
 * The stock kernels turn the axes of a tensor without elements, for which they divide by zero; never end for a scalar; and take
 * an axis below zero for one that lies before the first, and so read and write beside the tensor.
 */
const scan: TfjsKernel = ({ tf, output }, inputs, attributes, stock) => {
  const { x } = inputs;
  if (x.shape.length === 0) {
    const line = stock({ x: { ...x, shape: [1] } }, { ...attributes, axis: 0 });
    return { ...line, shape: [] };
  }
  const { axis } = attributes as { readonly axis: number };
  const [place] = axis < 0 ? tf.util.parseAxisParam(axis, x.shape) : [axis];
  if (tf.util.sizeFromShape(x.shape) === 0) return output(x.shape, x.dtype);
  return stock(inputs, { ...attributes, axis: place });
};

/**
 * The stock kernels refuse truth values; of numbers they are right. That Cumsum is ours by name also keeps our gradient
 * (`src/mend/gradients/cumsum.ts`).
 */
export const scanKernels: KernelFamily = { Cumprod: throughIntegers([], scan), Cumsum: throughIntegers([], scan) };
