import type { ParameterSpec } from "../layers/layer.ts";
import { relativeDistance } from "./reference/closeness.ts";

/**
 * Relative L2 distance of a tensor. Float32 stays below a tenth of it on these networks, with or without a fused
 * multiply-add; a single wrong lane of a vector is beyond it by orders of magnitude.
 */
const tolerance = 2e-5;

/** What a training step and a prediction come to. */
export interface StepNumbers {
  readonly gradient: Float32Array | Float64Array;
  readonly loss: number;
  readonly correct: number;
  readonly logits: Float32Array | Float64Array;
}

/** What differs from the expected, by name and distance. NaN always differs. */
export function differences(
  got: StepNumbers,
  expected: StepNumbers,
  parameters: readonly Pick<ParameterSpec, "name" | "offset" | "size">[],
): string[] {
  const distances: (readonly [string, number])[] = [
    ["the loss", Math.abs(got.loss - expected.loss) / expected.loss],
    ["the number of right answers", Math.abs(got.correct - expected.correct)],
    ["the prediction", relativeDistance(got.logits, expected.logits)],
  ];
  for (const { name, offset, size } of parameters) {
    const [mine, its] = [got, expected].map(({ gradient }) => gradient.subarray(offset, offset + size));
    distances.push([`the gradient of ${name}`, relativeDistance(mine, its)]);
  }
  return distances.flatMap(([what, distance]) =>
    distance <= tolerance ? [] : [`${what} is off by ${distance.toExponential(1)}`],
  );
}
