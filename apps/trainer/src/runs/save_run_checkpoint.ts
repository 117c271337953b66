import path from "node:path";
import { writeCheckpoint, type Checkpoint } from "@convoy/core/training";
import type { TrainingJob } from "../training/training_job.ts";
import { checkpointsFolder } from "./run_names.ts";
import { epochsDone } from "./saved_run.ts";
import { encodeMetadata } from "./weights_metadata.ts";

/**
 * Writes a checkpoint into the folder of its run, with all that is needed to use its weights or to go on from it.
 *
 * @returns the file
 * @throws CoreError CHECKPOINT_WRITE
 */
export function saveRunCheckpoint(
  { description, options, saving }: Pick<TrainingJob, "description" | "options" | "saving">,
  checkpoint: Checkpoint,
): Promise<string> {
  const { dataset, runFolder } = description;
  const facts = {
    dataset: dataset.name,
    publishedData: dataset.verified,
    epochs: epochsDone(checkpoint),
    seed: options.seed,
    testAccuracy: undefined,
  };
  const metadata = { ...encodeMetadata(facts), ...saving.metadata };
  return writeCheckpoint(
    path.join(runFolder.path, checkpointsFolder),
    { ...checkpoint, metadata },
    { keep: saving.keep },
  );
}
