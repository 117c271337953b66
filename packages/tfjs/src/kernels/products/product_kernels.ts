import type { KernelFamily } from "../kernel_context.ts";
import { throughIntegers } from "../through_integers.ts";
import { numberType, reduction } from "../reductions/reduction_kernels.ts";
import { batchMatMul } from "./batch_mat_mul.ts";
import { einsum } from "./einsum.ts";
import { matMul } from "./mat_mul.ts";
import { sum } from "./sum.ts";

export const productKernels: KernelFamily = {
  BatchMatMul: throughIntegers([0], batchMatMul),
  _FusedMatMul: matMul,
  Einsum: einsum,
  Sum: reduction(0, sum, numberType),
};
