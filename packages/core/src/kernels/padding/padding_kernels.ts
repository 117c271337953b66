import type { KernelFamily } from "../kernel_context.ts";

/** The stock kernel is right; that it is ours by name keeps our gradient (`src/tfjs/gradients/mirror_pad.ts`). */
export const paddingKernels: KernelFamily = {
  MirrorPad: (_context, inputs, attributes, stock) => stock(inputs, attributes),
};
