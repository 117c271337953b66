import type { FitEvent, FitResult } from "@convoy/parallel";
import { interruptionOf } from "../environment.ts";
import { isCoded, UsageError, type CodedError } from "../errors.ts";
import type { Reporter, RunEvent } from "../progress/reporter.ts";
import type { RunDescription } from "../progress/run_description.ts";
import { saveRun, saveRunFile } from "../runs/save_run.ts";
import { AccuracyWatch } from "./accuracy_watch.ts";
import { StepCount } from "./step_count.ts";
import type { LoadingJob, TrainingJob } from "./training_job.ts";

/**
 * Trains, tells the reporters, and saves the weights: also those of a run that was stopped, or that failed on its way.
 *
 * @returns the exit code
 * @throws UsageError for data that does not load and what `fit` refuses before it starts; what `fit` throws later; the
 *   `Interruption` when one came before the data
 */
export async function train(job: LoadingJob, reporters: readonly Reporter[], signal: AbortSignal): Promise<number> {
  const { model, options } = job;
  const count = new StepCount();
  const watch = new AccuracyWatch(options.targetAccuracy);
  const tell = (event: RunEvent): void => {
    for (const reporter of reporters) reporter.event(event);
  };
  let recording = Promise.resolve();
  const onEvent = (event: FitEvent): void => {
    count.note(event);
    if (event.event === "evaluation") watch.look(event);
    if (event.event === "start") recording = recordBeginning(job, tell);
    tell(event);
  };
  // Before anything waits for the data, so that nothing stands between its failure and who is told.
  const { fit } = await import("@convoy/parallel");
  const begin = (description: RunDescription): RunDescription["dataset"] => {
    signal.throwIfAborted();
    for (const reporter of reporters) reporter.begin(description);
    return description.dataset;
  };
  const dataset = job.description.then(begin);
  const data = dataset.then(({ train: images }) => images);
  const validation = dataset.then(({ test: images }) => images);
  let result: FitResult;
  try {
    try {
      result = await fit(model, data, { ...options, validation, signal, onEvent });
    } finally {
      // Else it could come after the record of the end.
      await recording;
    }
  } catch (error) {
    if (!isCoded(error)) throw error;
    if (!count.started) throw new UsageError(error.code, error.message.slice(error.code.length + 2), { cause: error });
    if (count.steps > 0) await keepWhatThereIs(await loaded(job), error, count, reporters);
    throw error;
  }
  await finish(await loaded(job), result, watch, reporters, signal);
  return result.aborted ? interruptionOf(signal).exitCode : 0;
}

/** What cannot be written now may be at the end, so the run goes on. */
async function recordBeginning(job: LoadingJob, tell: (event: RunEvent) => void): Promise<void> {
  try {
    await saveRunFile(await loaded(job), { epochs: 0, steps: 0, testAccuracy: undefined });
  } catch (error) {
    if (!isCoded(error)) throw error;
    tell({ event: "warning", code: error.code, message: error.message });
  }
}

async function loaded(job: LoadingJob): Promise<TrainingJob> {
  return { ...job, description: await job.description };
}

async function finish(
  job: TrainingJob,
  result: FitResult,
  watch: AccuracyWatch,
  reporters: readonly Reporter[],
  signal: AbortSignal,
): Promise<void> {
  const { epochs, steps, seconds, weightsSha256, history } = result;
  const evaluation = history.at(-1)?.evaluation;
  const weightsFile = await saveRun(job, { epochs, steps, testAccuracy: evaluation?.testAccuracy, result });
  const end = {
    epochs,
    steps,
    seconds,
    imagesPerSecond: meanSpeed(result, job.description.dataset.train.labels.length),
    evaluation,
    reached: watch.reached,
    weightsSha256,
    stoppedBy: result.aborted ? interruptionOf(signal).message : undefined,
    weightsFile,
  };
  for (const reporter of reporters) {
    reporter.event({ event: "checkpoint", epoch: epochs, step: steps, file: weightsFile.path });
    reporter.end(end);
  }
}

/** A run can fail after hours: `fit` leaves the last consistent weights in the model, and they go into the file. */
async function keepWhatThereIs(
  job: TrainingJob,
  { code, message }: CodedError,
  { epochs, steps }: StepCount,
  reporters: readonly Reporter[],
): Promise<void> {
  const weightsFile = await saveRun(job, { epochs, steps, testAccuracy: undefined, failure: { code, message } });
  for (const reporter of reporters) {
    reporter.event({ event: "checkpoint", epoch: epochs, step: steps, file: weightsFile.path });
    reporter.failed(weightsFile);
  }
}

/** Training images over the time of the epochs, evaluation excluded. */
function meanSpeed({ history }: FitResult, images: number): number | undefined {
  const seconds = history.reduce((sum, epoch) => sum + epoch.seconds, 0);
  return seconds === 0 ? undefined : (history.length * images) / seconds;
}
