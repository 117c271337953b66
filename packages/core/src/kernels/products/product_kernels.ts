import type { KernelFamily } from "../kernel_context.ts";
import { einsum } from "./einsum.ts";
import { matMul } from "./mat_mul.ts";
import { sum } from "./sum.ts";

export const productKernels: KernelFamily = { BatchMatMul: matMul, _FusedMatMul: matMul, Einsum: einsum, Sum: sum };
