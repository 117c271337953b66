import type { Tensor, Variable } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "@convoy/core/engine";
import { namedGradients, type Slot, slotOf, type VariableGradients } from "./named_gradients.ts";

export interface AdamState {
  beta1: number;
  beta2: number;
  epsilon: number;
  learningRate: number;
  accBeta1: Variable;
  accBeta2: Variable;
  accumulatedFirstMoment: Slot[];
  accumulatedSecondMoment: Slot[];
  incrementIterations(): void;
}

/** A step of tfjs's Adam, its variables by one kernel each, where tfjs takes fourteen. False: tfjs must do it. */
export function applyAdam(tf: TensorFlow, optimizer: AdamState, gradients: VariableGradients): boolean {
  const steps = namedGradients(tf, gradients, [optimizer.accumulatedFirstMoment, optimizer.accumulatedSecondMoment]);
  if (!steps) return false;
  tf.tidy(() => {
    const { beta1, beta2, epsilon, learningRate, accBeta1, accBeta2 } = optimizer;
    const correction1 = Math.fround(1 - accBeta1.dataSync()[0]);
    const correction2 = Math.fround(1 - accBeta2.dataSync()[0]);
    const attributes = { beta1, beta2, correction1, correction2, epsilon, learningRate };
    for (const step of steps) {
      const first = slotOf(tf, optimizer.accumulatedFirstMoment, step, "m");
      const second = slotOf(tf, optimizer.accumulatedSecondMoment, step, "v");
      const { value, gradient } = step;
      if (!gradient) continue;
      const inputs = { gradient, value, first, second };
      const [newValue, newFirst, newSecond] = tf.engine().runKernel<Tensor[]>("AdamUpdate", inputs, attributes);
      first.assign(newFirst);
      second.assign(newSecond);
      value.assign(newValue);
    }
    accBeta1.assign(tf.mul(accBeta1, beta1));
    accBeta2.assign(tf.mul(accBeta2, beta2));
  });
  optimizer.incrementIterations();
  return true;
}
