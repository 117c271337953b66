import type { KernelFamily } from "../kernel_context.ts";
import { throughFloats } from "../through_floats.ts";
import { fusedBatchNorm, fusedBatchNormGrad } from "./batch_norm.ts";
import { mean } from "./mean.ts";

export const normalizationKernels: KernelFamily = {
  FusedBatchNorm: throughFloats("x", fusedBatchNorm),
  FusedBatchNormGrad: fusedBatchNormGrad,
  Mean: mean,
};
