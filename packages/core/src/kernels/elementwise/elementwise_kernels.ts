import type { KernelFamily } from "../kernel_context.ts";
import { binaryKernels } from "./binary.ts";
import { floorDiv } from "./floor_div.ts";
import { logicalAnd } from "./logical_and.ts";
import { prelu } from "./prelu.ts";
import { reluGradient } from "./relu_gradient.ts";
import { throughFloatKernels } from "./through_floats.ts";
import { trigonometryKernels } from "./trigonometry.ts";
import { unaryKernels } from "./unary.ts";

export const elementwiseKernels: KernelFamily = {
  ...binaryKernels,
  ...throughFloatKernels,
  ...trigonometryKernels,
  ...unaryKernels,
  FloorDiv: floorDiv,
  LogicalAnd: logicalAnd,
  Prelu: prelu,
  ReluGrad: reluGradient,
};
