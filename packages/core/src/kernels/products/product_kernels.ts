import type { KernelFamily } from "../kernel_context.ts";
import { batchMatMul } from "./batch_mat_mul.ts";
import { einsum } from "./einsum.ts";
import { matMul } from "./mat_mul.ts";
import { sum } from "./sum.ts";

export const productKernels: KernelFamily = {
  BatchMatMul: batchMatMul,
  _FusedMatMul: matMul,
  Einsum: einsum,
  Sum: sum,
};
