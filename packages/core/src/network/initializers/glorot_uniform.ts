import type { Fans } from "./fans.ts";

/**
 * Keeps the variance of activations and gradients about equal; Keras' and tfjs' default for kernels.
 *
 *     limit = √(6 / (fanIn + fanOut))
 *
 * Source: Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks (2010), eq. 16
 */
export function glorotUniformLimit({ fanIn, fanOut }: Fans): number {
  return Math.sqrt(6 / (fanIn + fanOut));
}
