// A layer, a loss and an optimizer of a program's own, registered when this module is imported.
import * as tf from "@tensorflow/tfjs-core";
import * as tfl from "@tensorflow/tfjs-layers";

/** y = x · 2 */
export class Doubling extends tfl.layers.Layer {
  static readonly className = "Doubling";

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.mul([inputs].flat()[0], 2);
  }
}
tf.serialization.registerClass(Doubling);

/** Gradient descent that ends where it began: only its name matters. */
export class Standing extends tf.SGDOptimizer {
  static override get className(): string {
    return "Standing";
  }
}
tf.serialization.registerClass(Standing);

export function fourthPower(target: tf.Tensor, output: tf.Tensor): tf.Tensor {
  return tf.mean(tf.pow(tf.sub(target, output), 4), -1);
}

export function build(loss: tfl.ModelCompileArgs["loss"] = fourthPower): tfl.LayersModel {
  const kernelInitializer = tfl.initializers.glorotUniform({ seed: 1 });
  const model = tfl.sequential({
    layers: [new Doubling({ inputShape: [6] }), tfl.layers.dense({ units: 3, kernelInitializer })],
  });
  model.compile({ optimizer: tf.train.adam(0.01), loss });
  return model;
}
