import type { Tensor } from "@tensorflow/tfjs-core";
import type { Gradient } from "../gradients.ts";
import { repeatedAlong } from "./repeated_along.ts";

/** dx = dy, repeated along the axes that were summed. tfjs multiplies by a tensor of ones that it makes in JavaScript. */
export const sumGradient: Gradient = (tf) => ({
  inputsToSave: ["x"],
  gradFunc(dy, [x], attributes) {
    const axes = tf.util.parseAxisParam(attributes["axis"] as number[], x.shape);
    return { x: () => repeatedAlong(tf, dy as Tensor, x, axes) };
  },
});
