import type { KernelFamily, TfjsKernel } from "../kernel_context.ts";
import { throughFloats } from "../through_floats.ts";
import { fusedBatchNorm, fusedBatchNormGrad } from "./batch_norm.ts";
import { mean } from "./mean.ts";

/** The stock kernel asks a scalar for the size of its last axis, and leaves memory as it was. */
const softmax: TfjsKernel = (_, inputs, attributes, stock) => {
  const { logits } = inputs;
  if (logits.shape.length > 0) return stock(inputs, attributes);
  return { ...stock({ logits: { ...logits, shape: [1] } }, { dim: 0 }), shape: [] };
};

export const normalizationKernels: KernelFamily = {
  FusedBatchNorm: throughFloats("x", fusedBatchNorm),
  FusedBatchNormGrad: fusedBatchNormGrad,
  Mean: mean,
  Softmax: softmax,
};
