import type { KernelFamily } from "../kernel_context.ts";
import { throughIntegers } from "../through_integers.ts";
import { dilation2d, dilation2dBackpropFilter, dilation2dBackpropInput } from "./dilation2d.ts";

export const morphologyKernels: KernelFamily = {
  Dilation2D: throughIntegers([0], dilation2d),
  Dilation2DBackpropFilter: dilation2dBackpropFilter,
  Dilation2DBackpropInput: dilation2dBackpropInput,
};
