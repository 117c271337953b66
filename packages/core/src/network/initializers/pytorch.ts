import type { Fans } from "./fans.ts";

/**
 * What PyTorch's Conv2d and Linear start with, for kernel and bias alike.
 *
 *     limit = 1 / √fanIn
 *
 * Source: `reset_parameters` in torch/nn/modules/conv.py and linear.py: kaiming_uniform_ with a = √5 comes to this limit
 */
export function pytorchLimit({ fanIn }: Fans): number {
  return 1 / Math.sqrt(fanIn);
}
