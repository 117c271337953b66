import type { Fans } from "./fans.ts";

/**
 * Keeps the variance of activations through layers with relu.
 *
 *     limit = √(6 / fanIn)
 *
 * Source: He et al., Delving deep into rectifiers, arXiv:1502.01852, eq. 10, as a uniform distribution
 */
export function heUniformLimit({ fanIn }: Fans): number {
  return Math.sqrt(6 / fanIn);
}
