import type { KernelFamily } from "../kernel_context.ts";
import { fusedBatchNorm, fusedBatchNormGrad } from "./batch_norm.ts";
import { mean } from "./mean.ts";

export const normalizationKernels: KernelFamily = {
  FusedBatchNorm: fusedBatchNorm,
  FusedBatchNormGrad: fusedBatchNormGrad,
  Mean: mean,
};
