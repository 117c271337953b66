import type { Tensor } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "@convoy/core/engine";
import type { Gradient } from "../gradients.ts";

/**
 * Gradient of mirrorPad: each cell gets what flows to it and to its images in the mirrors, axis by axis.
 *
 *     dx[i] = Σ dy[j] over all j where the output shows x[i]
 *
 * Shape: dy of the padded shape → x's. tfjs's own gradient, on every backend, takes the middle of dy alone.
 */
export const mirrorPadGradient: Gradient = (tf) => ({
  inputsToSave: ["x"],
  gradFunc(dy, saved, attributes) {
    const [x] = saved;
    const { paddings, mode } = attributes as unknown as {
      readonly paddings: readonly (readonly [number, number])[];
      readonly mode: "reflect" | "symmetric";
    };
    const edge = mode === "reflect" ? 1 : 0;
    // Of engine.registerGradient's two forms this is the one for a single output.
    const gradient = Array.isArray(dy) ? dy[0] : dy;
    return {
      x: () =>
        paddings.reduce<Tensor>(
          (padded, [before, after], axis) => foldAxis(tf, padded, axis, before, after, x.shape[axis], edge),
          gradient,
        ),
    };
  },
});

/** Adds what lies in the two mirrors of an axis to the cells before them. */
function foldAxis(
  tf: TensorFlow,
  dy: Tensor,
  axis: number,
  before: number,
  after: number,
  size: number,
  edge: 0 | 1,
): Tensor {
  const cut = (start: number, length: number): Tensor => {
    const begin = dy.shape.map((_, i) => (i === axis ? start : 0));
    return tf.slice(
      dy,
      begin,
      dy.shape.map((all, i) => (i === axis ? length : all)),
    );
  };
  const placed = (start: number, length: number, at: number): Tensor => {
    const around = dy.shape.map((_, i): [number, number] => (i === axis ? [at, size - at - length] : [0, 0]));
    return tf.pad(tf.reverse(cut(start, length), axis), around);
  };
  let sum = cut(before, size);
  if (before > 0) sum = tf.add(sum, placed(0, before, edge));
  if (after > 0) sum = tf.add(sum, placed(before + size, after, size - after - edge));
  return sum;
}
