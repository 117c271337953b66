import * as tf from "@tensorflow/tfjs-core";
import * as tfl from "@tensorflow/tfjs-layers";

/** Counts its own calls, in a weight. */
export class Counting extends tfl.layers.Layer {
  static readonly className = "Counting";
  #calls: tfl.LayerVariable | undefined;

  override build(): void {
    this.#calls = this.addWeight("calls", [1], "float32", tfl.initializers.zeros(), undefined, false);
    this.built = true;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const calls = this.#calls;
    tf.tidy(() => {
      calls?.write(tf.add(calls.read(), 1));
    });
    return tf.mul([inputs].flat()[0], 1);
  }
}
tf.serialization.registerClass(Counting);
