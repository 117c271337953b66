import type { KernelFamily } from "../kernel_context.ts";
import { conv2d } from "./conv2d.ts";
import { conv2dBackpropFilter } from "./conv2d_backprop_filter.ts";

export const convolutionKernels: KernelFamily = {
  Conv2D: conv2d,
  Conv2DBackpropFilter: conv2dBackpropFilter,
  FusedConv2D: conv2d,
};
