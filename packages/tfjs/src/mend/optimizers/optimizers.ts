import type { TensorFlow } from "@convoy/core/engine";
import { type AdamState, applyAdam } from "./adam.ts";
import type { VariableGradients } from "./named_gradients.ts";
import { applyRmsProp, type RmsPropState } from "./rms_prop.ts";

type Step = (this: object, gradients: VariableGradients) => void;

/**
 * Lets tfjs's Adam and RMSProp take their steps by kernels of ours. The other optimizers are quick enough on ours for
 * sums and products.
 *
 * @returns what takes it back
 */
export function registerOptimizers(tf: TensorFlow): () => void {
  const undo = [
    replaceStep(tf.AdamOptimizer.prototype, (optimizer, gradients) => applyAdam(tf, optimizer as AdamState, gradients)),
    replaceStep(tf.RMSPropOptimizer.prototype, (optimizer, gradients) =>
      applyRmsProp(tf, optimizer as RmsPropState, gradients),
    ),
  ];
  return () => {
    for (const step of undo) step();
  };
}

/** @param take Takes the step, or gives false: then tfjs does it. */
function replaceStep(
  tfjsPrototype: object,
  take: (optimizer: object, gradients: VariableGradients) => boolean,
): () => void {
  const prototype = tfjsPrototype as { applyGradients: Step };
  const tfjs = prototype.applyGradients;
  prototype.applyGradients = function (gradients) {
    if (!take(this, gradients)) tfjs.call(this, gradients);
  };
  return () => {
    prototype.applyGradients = tfjs;
  };
}
