import type { Tensor } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "@convoy/core/engine";
import { namedGradients, type Slot, slotOf, type VariableGradients } from "./named_gradients.ts";

export interface RmsPropState {
  decay: number;
  momentum: number;
  epsilon: number;
  learningRate: number;
  centered: boolean;
  accumulatedMeanSquares: Slot[];
  accumulatedMoments: Slot[];
  accumulatedMeanGrads: Slot[];
  incrementIterations(): void;
}

/**
 * A step of tfjs's RMSProp, its variables by one kernel each. Centred, tfjs takes ε from the variance instead of adding it:
 * a weight whose gradient is 0 becomes NaN. False: tfjs must do it.
 */
export function applyRmsProp(tf: TensorFlow, optimizer: RmsPropState, gradients: VariableGradients): boolean {
  const { accumulatedMeanSquares, accumulatedMoments, accumulatedMeanGrads } = optimizer;
  const steps = namedGradients(tf, gradients, [accumulatedMeanSquares, accumulatedMoments, accumulatedMeanGrads]);
  if (!steps) return false;
  const { decay, momentum, epsilon, learningRate, centered } = optimizer;
  const attributes = { decay, momentum, epsilon, learningRate };
  for (const step of steps) {
    const meanSquare = slotOf(tf, accumulatedMeanSquares, step, "rms");
    const moment = slotOf(tf, accumulatedMoments, step, "momentum");
    const meanGradient = centered ? slotOf(tf, accumulatedMeanGrads, step, "mg") : undefined;
    const { value, gradient } = step;
    if (!gradient) continue;
    tf.tidy(() => {
      const inputs = { gradient, value, meanSquare, moment, ...(meanGradient && { meanGradient }) };
      const [newValue, newMeanSquare, newMoment, newMeanGradient] = tf
        .engine()
        .runKernel<Tensor[]>("RMSPropUpdate", inputs, attributes);
      meanSquare.assign(newMeanSquare);
      moment.assign(newMoment);
      meanGradient?.assign(newMeanGradient);
      value.assign(newValue);
    });
  }
  optimizer.incrementIterations();
  return true;
}
