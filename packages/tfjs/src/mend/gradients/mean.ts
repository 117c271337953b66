import type { Tensor } from "@tensorflow/tfjs-core";
import type { Gradient } from "../gradients.ts";
import { repeatedAlong } from "./repeated_along.ts";

/**
 * dx = dy / n, repeated along the axes that were averaged. tfjs repeats dy first, by a product with a tensor of ones that
 * it makes in JavaScript, and then divides: the same numbers, but for the last bit.
 */
export const meanGradient: Gradient = (tf) => ({
  inputsToSave: ["x"],
  gradFunc(dy, [x], attributes) {
    const axes = tf.util.parseAxisParam(attributes["axis"] as number[], x.shape);
    const count = axes.reduce((product, axis) => product * x.shape[axis], 1);
    return { x: () => repeatedAlong(tf, tf.div(dy as Tensor, count), x, axes) };
  },
});
