import type { Gradient } from "../gradients.ts";

/**
 * Gradient of a running sum: the running sum of dy from the other end. Shape: as x.
 *
 * tfjs's own gradient, on every backend, transposes it unless the axis is the last: a wrong shape, or wrong values where
 * the shape is square.
 */
export const cumsumGradient: Gradient = (tf) => ({
  gradFunc(dy, _saved, attributes) {
    const { axis, exclusive, reverse } = attributes as unknown as {
      readonly axis: number;
      readonly exclusive: boolean;
      readonly reverse: boolean;
    };
    return { x: () => tf.cumsum(Array.isArray(dy) ? dy[0] : dy, axis, exclusive, !reverse) };
  },
});
