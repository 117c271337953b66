import type { Tensor } from "@tensorflow/tfjs-core";
import type { Gradient } from "../gradients.ts";

/**
 * Each element of x gets the sum of dy over its copies, one repeated axis after the other:
 *
 *     dx[o, i] = Σ_r dy[o, r, i]
 *
 * with o the axes before it and i the rest. Shape: dy of the repeated shape → x's, of any rank.
 *
 * tfjs's own gradient slices dy once for each copy and adds the slices up: 2048 times for a row that is repeated over
 * 64 × 32 places, as layer normalization does. It refuses tensors of more than four dimensions, and numbers.
 */
export const tileGradient: Gradient = (tf) => ({
  inputsToSave: ["x"],
  gradFunc(dy, [x], attributes) {
    const reps = attributes["reps"] as number[];
    const { sizeFromShape } = tf.util;
    return {
      x() {
        let sum = dy as Tensor;
        for (const [axis, times] of reps.entries()) {
          if (times === 1) continue;
          const before = sizeFromShape(x.shape.slice(0, axis));
          const behind = sizeFromShape(x.shape.slice(axis)) * sizeFromShape(reps.slice(axis + 1));
          sum = tf.sum(tf.reshape(sum, [before, times, behind]), 1);
        }
        return tf.reshape(sum, x.shape);
      },
    };
  },
});
