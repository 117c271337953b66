import type { KernelFamily, TfjsKernel } from "../kernel_context.ts";
import { throughIntegers } from "../through_integers.ts";

/** The stock kernels turn the axes of a tensor without elements, for which they divide by zero. */
const scan: TfjsKernel = (context, inputs, attributes, stock) => {
  const { x } = inputs;
  return context.tf.util.sizeFromShape(x.shape) === 0 ? context.output(x.shape, x.dtype) : stock(inputs, attributes);
};

/**
 * The stock kernels refuse truth values; of numbers they are right. That Cumsum is ours by name also keeps our gradient
 * (`src/mend/gradients/cumsum.ts`).
 */
export const scanKernels: KernelFamily = { Cumprod: throughIntegers([], scan), Cumsum: throughIntegers([], scan) };
