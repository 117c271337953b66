import type { Tensor } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "@convoy/core/engine";
import type { Gradient } from "../gradients.ts";
import { onlyOnce } from "./only_once.ts";

/** dy where relu was open, 0 elsewhere, in one kernel where that can be. @param x relu's input, or its output */
export function throughRelu(tf: TensorFlow, dy: Tensor, x: Tensor): Tensor {
  if (!onlyOnce(tf) || dy.dtype !== "float32" || x.dtype !== "float32") {
    return tf.mul(dy, tf.cast(tf.step(x), "float32"));
  }
  return tf.engine().runKernel("ReluGrad", { dy, x });
}

export const reluGradient: Gradient = (tf) => ({
  inputsToSave: ["x"],
  gradFunc: (dy, [x]) => ({ x: () => throughRelu(tf, dy as Tensor, x) }),
});
