import type { ConfigOf } from "../options/kind.ts";
import type { GivenOptions } from "../options/option.ts";
import { amount, byDefault, positive, share } from "../options/values.ts";
import { optimizerKind } from "./optimizer_kind.ts";

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
export const adam = optimizerKind(
  "adam",
  {
    learningRate: byDefault(amount("length of the steps"), 0.001),
    beta1: byDefault(share("share of the mean of the gradients that is kept at each step"), 0.9),
    beta2: byDefault(share("share of the mean of their squares that is kept"), 0.999),
    epsilon: byDefault(positive("keeps the step finite where gradients are 0"), 1e-8),
    weightDecay: byDefault(amount("factor of the L2 penalty"), 0),
  },
  {
    title: "Adam",
    state: () => ["m", "v"],
    scalars({ learningRate, beta1, beta2, epsilon, weightDecay }, step, into) {
      into[0] = learningRate;
      into[1] = beta1;
      into[2] = beta2;
      into[3] = epsilon;
      into[4] = weightDecay;
      into[5] = 1 - power(beta1, step);
      into[6] = 1 - power(beta2, step);
    },
  },
);

export type AdamOptions = GivenOptions<typeof adam.options>;
export type AdamOptimizer = ConfigOf<typeof adam>;

/** By squaring, not by `Math.pow`: engines may round that differently, and the bits of a run must not depend on them. */
function power(base: number, exponent: number): number {
  let result = 1;
  let square = base;
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}
