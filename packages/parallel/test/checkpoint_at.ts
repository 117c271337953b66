import { decodeCheckpoint, encodeCheckpoint, type Checkpoint, type ImageData } from "@convoy/core/training";
import type { FitOptions } from "../src/fit/options.ts";
import { fit } from "../src/fit/fit.ts";

/** Trains until the checkpoint after so many optimizer steps, and gives it as a file would hold it. */
export async function checkpointAt(
  steps: number,
  model: Parameters<typeof fit>[0],
  data: ImageData,
  options: FitOptions,
): Promise<Checkpoint> {
  const controller = new AbortController();
  let found: Checkpoint | undefined;
  const save = (checkpoint: Checkpoint): void => {
    if (checkpoint.step !== steps) return;
    found ??= decodeCheckpoint(encodeCheckpoint(checkpoint));
    controller.abort();
  };
  // Without those of the epochs' ends there is always room for the one of that step.
  const checkpoint = { everySteps: Math.max(steps, 1), everyEpochs: 1000, save };
  await fit(model, data, { ...options, checkpoint, signal: controller.signal });
  if (found === undefined) throw new Error(`no checkpoint after ${steps} steps`);
  return found;
}
