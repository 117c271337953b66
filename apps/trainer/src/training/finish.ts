import type { BestResult, FitResult } from "@convoy/parallel";
import { interruptionOf } from "../environment.ts";
import type { Reporter } from "../progress/reporter.ts";
import type { BestEpoch } from "../progress/run_description.ts";
import type { RunFolder } from "../runs/run_folder.ts";
import { bestFile } from "../runs/save_best.ts";
import { saveRun } from "../runs/save_run.ts";
import type { AccuracyWatch } from "./accuracy_watch.ts";
import type { TrainingJob } from "./training_job.ts";

/** Saves the weights of a run that came to its end, or was stopped, and tells the reporters how it ended. */
export async function finish(
  job: TrainingJob,
  result: FitResult,
  best: BestResult | undefined,
  watch: AccuracyWatch,
  reporters: readonly Reporter[],
  signal: AbortSignal,
): Promise<void> {
  const { epochs, steps, seconds, weightsSha256, history } = result;
  const evaluation = history.at(-1)?.evaluation;
  const testAccuracy = evaluation?.testAccuracy;
  const weightsFile = await saveRun(job, { epochs, steps, testAccuracy, result, finished: !result.aborted });
  const end = {
    epochs,
    steps,
    seconds,
    imagesPerSecond: meanSpeed(result),
    evaluation,
    best: best === undefined ? undefined : bestEpoch(best, job.description.runFolder),
    reached: watch.reached,
    weightsSha256,
    stoppedBy: result.aborted ? interruptionOf(signal).message : undefined,
    weightsFile,
    runFolder: job.description.runFolder,
    resumedFrom: job.description.resumedFrom,
  };
  for (const reporter of reporters) {
    reporter.event({ event: "checkpoint", epoch: epochs, step: steps, file: weightsFile.path });
    reporter.end(end);
  }
}

function bestEpoch({ epoch, step, validationAccuracy }: BestResult, runFolder: RunFolder): BestEpoch {
  return { epoch, step, validationAccuracy, file: bestFile(runFolder) };
}

/** Training images over the time of the epochs, evaluation excluded; of a resumed epoch those that were left. */
function meanSpeed({ history }: FitResult): number | undefined {
  const seconds = history.reduce((sum, epoch) => sum + epoch.seconds, 0);
  const images = history.reduce((sum, epoch) => sum + epoch.imagesPerSecond * epoch.seconds, 0);
  return seconds === 0 ? undefined : images / seconds;
}
