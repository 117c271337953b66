import type { KernelFamily } from "../kernel_context.ts";
import { relu } from "./relu.ts";

export const elementwiseKernels: KernelFamily = { Relu: relu };
