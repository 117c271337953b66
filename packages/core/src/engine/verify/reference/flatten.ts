import type { Tensor } from "./tensor.ts";

/** [N, …] → [N, product of the rest]; the same values in the same order. */
export function flatten(x: Tensor): Tensor {
  return { shape: [x.shape[0], x.data.length / x.shape[0]], data: x.data };
}

/** The other way round. */
export function flattenGradient(dy: Tensor, inputShape: readonly number[]): Tensor {
  return { shape: inputShape, data: dy.data };
}
