import * as tf from "@tensorflow/tfjs-core";
import * as tfl from "@tensorflow/tfjs-layers";

/** Draws noise as many programs do, without a seed. */
export class Sampling extends tfl.layers.Layer {
  static readonly className = "Sampling";

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [x] = [inputs].flat();
    return tf.add(x, tf.randomNormal(x.shape));
  }
}
tf.serialization.registerClass(Sampling);
