import { ParallelError } from "../errors.ts";
import type { TrainableModel } from "./trainable_model.ts";

/** @throws `FIT_MODEL` for weights that are not finite: every step from there is NaN, whatever data and learning rate are */
export function checkWeights({ weights, parameters }: Pick<TrainableModel, "weights" | "parameters">): void {
  const at = weights.findIndex((weight) => !Number.isFinite(weight));
  if (at === -1) return;
  let end = 0;
  const { name } = parameters.find(({ shape }) => at < (end += shape.reduce((a, b) => a * b, 1)))!;
  throw new ParallelError(
    "FIT_MODEL",
    `the model has a weight of ${weights[at]} in ${name}, from which nothing can be learned. Give it other weights.`,
  );
}
