import { OptimizerOptions } from "./options.ts";
import type { AdamOptimizer } from "./optimizer.ts";

export interface AdamOptions {
  readonly learningRate?: number;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  readonly weightDecay?: number;
}

/**
 * Adam: each parameter gets its own step size, from running means of its gradient and of the gradient's square.
 *
 *     g = gradient + weightDecay · w
 *     m = beta1 · m + (1 - beta1) · g                           m and v start at 0
 *     v = beta2 · v + (1 - beta2) · g²
 *     w = w - learningRate · (m / (1 - beta1^t)) / (√(v / (1 - beta2^t)) + epsilon)         t = 1, 2, 3, …
 *
 * The weight decay is the L2 penalty of PyTorch's Adam, not the decoupled one of AdamW.
 *
 * @param options.learningRate at least 0. Default: 0.001
 * @param options.beta1 share of the mean that is kept at each step, from 0 to below 1. Default: 0.9
 * @param options.beta2 the same for the mean square. Default: 0.999
 * @param options.epsilon above 0; keeps the step finite where gradients are 0. Default: 1e-8
 * @param options.weightDecay at least 0. Default: 0
 * @throws `OPTIMIZER_OPTION` for an option that is unknown or impossible
 *
 * Source: Kingma & Ba, Adam: A Method for Stochastic Optimization, ICLR 2015; PyTorch documentation, torch.optim.Adam
 *
 * @example
 * adam({ learningRate: 0.001 })
 */
export function adam(options: AdamOptions = {}): AdamOptimizer {
  const read = new OptimizerOptions("adam", options, ["learningRate", "beta1", "beta2", "epsilon", "weightDecay"]);
  return {
    kind: "adam",
    learningRate: read.amount("learningRate", 0.001),
    beta1: read.share("beta1", 0.9),
    beta2: read.share("beta2", 0.999),
    epsilon: read.positive("epsilon", 1e-8),
    weightDecay: read.amount("weightDecay", 0),
  };
}
