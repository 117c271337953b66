import type { ParameterSpec } from "../../network/layers/built_layer.ts";
import { relativeDistance } from "./reference/closeness.ts";

/**
 * Relative L2 distance of a tensor. Float32 stays below a tenth of it on these networks, with or without a fused
 * multiply-add; a single wrong lane of a vector is beyond it by orders of magnitude.
 */
const tolerance = 2e-5;

/**
 * Of the close decisions any may be taken the other way, not only all of them together; what they change in a gradient
 * hardly overlaps, so that some of them change less than all.
 */
const doubtFactor = 2;

/** What a training step and a prediction come to. */
export interface StepNumbers {
  readonly gradient: Float32Array;
  readonly loss: number;
  readonly correct: number;
  readonly logits: Float32Array;
}

export interface TrainingNumbers {
  readonly gradient: Float64Array;
  /** What the gradient changes by when all decisions that float32 could take otherwise are taken so. */
  readonly doubt: Float64Array;
  readonly loss: number;
  readonly correct: number;
}

/** What a step has to come to. A network too large for the reference's backward pass has no training numbers. */
export interface ExpectedNumbers {
  readonly logits: Float64Array;
  readonly training: TrainingNumbers | undefined;
}

/** What differs from the expected, by name and distance. NaN always differs. */
export function differences(
  got: StepNumbers,
  { logits, training }: ExpectedNumbers,
  parameters: readonly Pick<ParameterSpec, "name" | "offset" | "size">[],
): string[] {
  const distances: [what: string, distance: number, allowed: number][] = [
    ["the prediction", relativeDistance(got.logits, logits), tolerance],
  ];
  if (training !== undefined) {
    const { gradient, doubt, loss, correct } = training;
    distances.unshift(
      ["the loss", Math.abs(got.loss - loss) / loss, tolerance],
      ["the number of right answers", Math.abs(got.correct - correct), tolerance],
    );
    for (const { name, offset, size } of parameters) {
      const [mine, its, other] = [got.gradient, gradient, doubt].map((all) => all.subarray(offset, offset + size));
      const doubtful = Math.sqrt(squares(other) / (squares(its) || 1));
      const allowed = tolerance + doubtFactor * doubtful;
      distances.push([`the gradient of ${name}`, relativeDistance(mine, its), allowed]);
    }
  }
  return distances.flatMap(([what, distance, allowed]) =>
    distance <= allowed ? [] : [`${what} is off by ${distance.toExponential(1)}`],
  );
}

function squares(values: Float32Array | Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value ** 2;
  return sum;
}
