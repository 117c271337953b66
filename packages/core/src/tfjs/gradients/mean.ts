import type { Tensor } from "@tensorflow/tfjs-core";
import type { Gradient } from "../gradients.ts";

/**
 * dx = dy / n, repeated along the axes that were averaged. tfjs repeats dy first, by a product with a tensor of ones that
 * it makes in JavaScript, and then divides: the same numbers, but for the last bit.
 */
export const meanGradient: Gradient = (tf) => ({
  inputsToSave: ["x"],
  gradFunc(dy, [x], attributes) {
    const axes = tf.util.parseAxisParam(attributes["axis"] as number[], x.shape);
    return {
      x() {
        const kept = x.shape.map((size, d) => (axes.includes(d) ? 1 : size));
        const count = tf.util.sizeFromShape(x.shape) / tf.util.sizeFromShape(kept);
        return tf.broadcastTo(tf.reshape(tf.div(dy as Tensor, count), kept), x.shape);
      },
    };
  },
});
