import { isCoded, type CodedError } from "../errors.ts";
import type { Reporter } from "../progress/reporter.ts";
import { saveRun } from "../runs/save_run.ts";
import type { WeightsFile } from "../runs/weights_file.ts";
import type { StepCount } from "./step_count.ts";
import type { TrainingJob } from "./training_job.ts";

/** How far a run got before it failed, and who is told. */
export interface FailedRun {
  readonly count: Pick<StepCount, "epochs" | "steps">;
  /** Whether there is a checkpoint. */
  readonly isSaved: boolean;
  readonly reporters: readonly Reporter[];
}

/**
 * A run can fail after hours: `fit` leaves the last consistent weights in the model, and they go into the file. That they
 * cannot be saved is told, and hides nothing of why the run failed.
 */
export async function keepFailedRun(
  job: TrainingJob,
  { code, message }: CodedError,
  { count: { epochs, steps }, isSaved, reporters }: FailedRun,
): Promise<void> {
  const outcome = { epochs, steps, testAccuracy: undefined, finished: false, failure: { code, message } };
  let weightsFile: WeightsFile | undefined;
  try {
    if (steps > 0) weightsFile = await saveRun(job, outcome);
  } catch (error) {
    if (!isCoded(error)) throw error;
    for (const reporter of reporters) reporter.event({ event: "warning", code: error.code, message: error.message });
  }
  // A loss that is not finite would come again, at the same step.
  const resumable = isSaved && code !== "NONFINITE_LOSS" ? job.description.runFolder : undefined;
  for (const reporter of reporters) {
    if (weightsFile !== undefined) {
      reporter.event({ event: "checkpoint", epoch: epochs, step: steps, file: weightsFile.path });
    }
    reporter.failed({ weightsFile, resumable });
  }
}
