// An optimizer of a program's own that does not tell what it remembers.
import * as tf from "@tensorflow/tfjs-core";

export class Silent extends tf.SGDOptimizer {
  static override get className(): string {
    return "Silent";
  }

  override getWeights(): never {
    throw new Error("not implemented");
  }
}
tf.serialization.registerClass(Silent);
