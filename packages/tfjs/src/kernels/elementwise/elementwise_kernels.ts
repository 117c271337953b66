import type { KernelFamily } from "../kernel_context.ts";
import { addN } from "./add_n.ts";
import { binaryKernels } from "./binary.ts";
import { logicalAnd } from "./logical_and.ts";
import { prelu } from "./prelu.ts";
import { quotientKernels } from "./quotients.ts";
import { reluGradient } from "./relu_gradient.ts";
import { trigonometryKernels } from "./trigonometry.ts";
import { unaryKernels } from "./unary.ts";

export const elementwiseKernels: KernelFamily = {
  ...binaryKernels,
  ...quotientKernels,
  ...trigonometryKernels,
  ...unaryKernels,
  AddN: addN,
  LogicalAnd: logicalAnd,
  Prelu: prelu,
  ReluGrad: reluGradient,
};
