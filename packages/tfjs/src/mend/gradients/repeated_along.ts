import type { Tensor } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "@convoy/core/engine";

/**
 * y, from which a reduction of x took these axes, with them again. Shape: y → x's.
 * `tf.broadcastTo` would leave an axis of size 0 at 1.
 */
export function repeatedAlong(tf: TensorFlow, y: Tensor, x: Tensor, axes: readonly number[]): Tensor {
  const kept = tf.reshape(
    y,
    x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size)),
  );
  const reps = x.shape.map((size, axis) => (axes.includes(axis) ? size : 1));
  return reps.every((times) => times === 1) ? kept : tf.tile(kept, reps);
}
