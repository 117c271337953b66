import type { Tensor, Variable } from "@tensorflow/tfjs-core";
import type { Backend } from "@convoy/core/engine";

type TensorFlow = Backend["tf"];

/** What a forward pass over training images knows of them; undefined in prediction, where dropout is off. */
export interface TrainingPass {
  readonly samples: readonly number[];
  readonly seed: number;
  readonly step: number;
}

/** A network on the tape: a Sequential of ours or a model of tfjs-layers. */
export interface TapeNetwork {
  readonly inputShape: readonly [number, number, number];
  readonly classes: number;
  /** The parameters, in the order of the flat vector. */
  readonly trainable: readonly Variable[];
  /** Gives new parameters, as tensors that the network takes over. */
  setParameters(tensors: readonly Tensor[]): void;
  /** Inside a tidy. [N, H, W, C] → what `losses` and `predictions` take. */
  forward(images: Tensor, pass: TrainingPass | undefined): Tensor;
  /** Loss of each image. Shape: [N]. */
  losses(outputs: Tensor, oneHotLabels: Tensor): Tensor;
  /** Logits, or numbers whose softmax is the network's answer. Shape: [N, classes]. */
  predictions(outputs: Tensor): Tensor;
  dispose(): void;
}

/** -Σ label · log softmax(z). Shape: [N, classes] → [N]. */
export function crossEntropyOfLogits(tf: TensorFlow, logits: Tensor, oneHotLabels: Tensor): Tensor {
  return tf.neg(tf.sum(tf.mul(tf.logSoftmax(logits), oneHotLabels), -1));
}
