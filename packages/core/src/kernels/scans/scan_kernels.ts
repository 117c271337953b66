import type { KernelFamily } from "../kernel_context.ts";

/** The stock kernel is right; that it is ours by name keeps our gradient (`src/tfjs/gradients/cumsum.ts`). */
export const scanKernels: KernelFamily = {
  Cumsum: (_context, inputs, attributes, stock) => stock(inputs, attributes),
};
