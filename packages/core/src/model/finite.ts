import { CoreError } from "../errors.ts";
import type { ParameterSpec } from "../network/layers/built_layer.ts";

/** @throws `MODEL_NONFINITE`: a kernel may turn NaN into a number, which would then look like an answer */
export function checkFiniteWeights(weights: Float32Array, parameters: readonly ParameterSpec[]): void {
  const at = weights.findIndex((weight) => !Number.isFinite(weight));
  if (at === -1) return;
  const { name } = parameters.findLast(({ offset }) => offset <= at)!;
  throw new CoreError(
    "MODEL_NONFINITE",
    `the network has a weight of ${weights[at]} in ${name}: its answers would mean nothing. Use other weights.`,
  );
}

/**
 * @param start the first image's number
 *
 * @throws `MODEL_NONFINITE` for the first answer that is not finite
 */
export function checkFiniteLogits(logits: Float32Array, start: number, classes: number): void {
  const at = logits.findIndex((logit) => !Number.isFinite(logit));
  if (at === -1) return;
  throw new CoreError(
    "MODEL_NONFINITE",
    `the answer to image ${start + Math.floor(at / classes)} is ${logits[at]}: its numbers grow too large. ` +
      "Check the normalization of the images, or use other weights.",
  );
}
