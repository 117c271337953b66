import { CoreError } from "../../errors.ts";
import { stateCount } from "../../network/optimizers/optimizers.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { checkProgress } from "./checkpoint_progress.ts";
import { elements } from "../safetensors/tensor_shape.ts";

/**
 * Refuses a checkpoint whose parts do not fit together.
 *
 * @param file how messages call it
 *
 * @throws `CHECKPOINT_STATE` when vectors do not fit the parameters or the optimizer; `CHECKPOINT_PROGRESS` for counts
 *   that no run can have
 */
export function checkCheckpoint(checkpoint: Checkpoint, file = "the checkpoint"): void {
  checkProgress(checkpoint, file);
  checkVectors(checkpoint);
}

function checkVectors({ parameters, weights, optimizer, optimizerState, best }: Checkpoint): void {
  const vectors = stateCount(optimizer);
  if (optimizerState.length !== vectors) {
    throw new CoreError(
      "CHECKPOINT_STATE",
      `${optimizer.kind} has ${vectors} vectors of state with these options; got ${optimizerState.length}. Give all.`,
    );
  }
  const count = parameters.reduce((sum, { shape }) => sum + (elements(shape) ?? Number.NaN), 0);
  for (const flat of [weights, ...optimizerState, ...(best === undefined ? [] : [best.weights])]) {
    if (flat.length === count) continue;
    throw new CoreError(
      "CHECKPOINT_STATE",
      `the parameters have ${count} values by their shapes; a flat vector has ${flat.length}. Give whole vectors.`,
    );
  }
}
