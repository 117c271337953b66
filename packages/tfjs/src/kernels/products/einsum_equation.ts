import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "@convoy/core/engine";
import { TfjsError } from "../../errors.ts";

/** An equation's axes as numbers: those of the result are 0, 1, 2 .. in its order, then come those that are summed. */
export interface EinsumEquation {
  /** Axes of each tensor. */
  readonly terms: readonly (readonly number[])[];
  readonly outputRank: number;
}

/**
 * @throws tfjs's own errors for what its einsum does not know; `EINSUM_EQUATION` where the equation does not fit the
 *   tensors' ranks or names an axis of the result twice, which tfjs overlooks
 */
export function einsumEquation(tf: TensorFlow, equation: string, tensors: readonly TensorInfo[]): EinsumEquation {
  const { allDims, summedDims, idDims } = tf.backend_util.decodeEinsumEquation(equation, tensors.length);
  const output = equation.replaceAll(/\s/g, "").split("->")[1];
  if (new Set(output).size !== output.length) {
    throw new TfjsError(
      "EINSUM_EQUATION",
      `einsum's result has an axis twice in "${equation}". Name each axis of the result once.`,
    );
  }
  for (const [n, { shape }] of tensors.entries()) {
    if (shape.length !== idDims[n].length) {
      throw new TfjsError(
        "EINSUM_EQUATION",
        `einsum's "${equation}" gives tensor ${n} ${idDims[n].length} axes, but its shape is [${shape.join(", ")}]. ` +
          "Write one letter for each axis.",
      );
    }
  }
  tf.backend_util.checkEinsumDimSizes(allDims.length, idDims, tensors as never);
  return { terms: idDims, outputRank: allDims.length - summedDims.length };
}
