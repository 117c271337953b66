import type { KernelFamily, TfjsKernel } from "../kernel_context.ts";
import { batchToSpace, spaceToBatch } from "./blocks.ts";
import { pad } from "./pad.ts";
import { reverse } from "./reverse.ts";
import { select } from "./select.ts";
import { stridedSlice } from "./strided_slice.ts";

/** The stock kernel divides by zero where there are no elements. */
const transpose: TfjsKernel = (context, inputs, attributes, stock) => {
  const { x } = inputs;
  if (context.tf.util.sizeFromShape(x.shape) > 0) return stock(inputs, attributes);
  const perm = attributes["perm"] as number[];
  return context.output(
    perm.map((axis) => x.shape[axis]),
    x.dtype,
  );
};

export const movementKernels: KernelFamily = {
  BatchToSpaceND: batchToSpace,
  // The stock kernel is right; that it is ours by name keeps our gradient (`src/mend/gradients/mirror_pad.ts`).
  MirrorPad: (_context, inputs, attributes, stock) => stock(inputs, attributes),
  PadV2: pad,
  Reverse: reverse,
  Select: select,
  SpaceToBatchND: spaceToBatch,
  StridedSlice: stridedSlice,
  Transpose: transpose,
};
