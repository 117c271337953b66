import { mkdirSync } from "node:fs";
import path from "node:path";
import { syncFolder, type Checkpoint } from "@convoy/core/training";
import type { FitEvent, FitResult } from "@convoy/parallel";
import { interruptionOf } from "../environment.ts";
import { isCoded, UsageError } from "../errors.ts";
import type { Reporter, RunEvent } from "../progress/reporter.ts";
import type { RunDescription } from "../progress/run_description.ts";
import { cutMetrics } from "../runs/metrics_cut.ts";
import type { MetricsFile } from "../runs/metrics_file.ts";
import { checkpointsFolder } from "../runs/run_names.ts";
import { saveRunCheckpoint } from "../runs/save_run_checkpoint.ts";
import { saveBest } from "../runs/save_best.ts";
import { saveRunFile } from "../runs/save_run.ts";
import { epochsDone, leaveBehind } from "../runs/saved_run.ts";
import type { SaveRequests } from "../signals/save_requests.ts";
import { AccuracyWatch } from "./accuracy_watch.ts";
import { BestKeeper } from "./best_keeper.ts";
import { keepFailedRun } from "./failed_run.ts";
import { finish } from "./finish.ts";
import { StepCount } from "./step_count.ts";
import type { LoadingJob, TrainingJob } from "./training_job.ts";

/** Who is told of a run, where its events are kept, and what stops it or has it saved. */
export interface Audience {
  readonly reporters: readonly Reporter[];
  readonly metrics: MetricsFile;
  readonly signal: AbortSignal;
  readonly saveRequests?: SaveRequests | undefined;
}

/**
 * Trains, tells the reporters, and saves: checkpoints on the way, and the weights at the end, also those of a run that was
 * stopped, or that failed.
 *
 * @returns the exit code
 * @throws UsageError for data that does not load and what `fit` refuses before it starts; what `fit` throws later; why
 *   the end could not be saved; the `Interruption` when one came before the data
 */
export async function train(job: LoadingJob, { reporters, metrics, signal, saveRequests }: Audience): Promise<number> {
  const { model, options, saving, resumed } = job;
  const count = new StepCount(resumed?.run.checkpoint);
  const watch = new AccuracyWatch(options.targetAccuracy);
  const tell = (event: RunEvent): void => {
    for (const reporter of reporters) reporter.event(event);
  };
  const warn = (error: unknown): void => tell(warningOf(error));
  const keeper = new BestKeeper(async (best) => saveBest(await loaded(job), best), warn);
  let recording = Promise.resolve();
  const onEvent = (event: FitEvent): void => {
    if (event.event === "checkpointFailed") return warn(event.error);
    if (event.event === "best") return keeper.keep(event);
    count.note(event);
    if (event.event === "evaluation") watch.look(event);
    if (event.event === "start") {
      prepareFolder(job, metrics);
      if (options.validationSplit !== undefined) keeper.keep(undefined);
      recording = recordBeginning(job, count, tell);
    }
    tell(event);
  };
  let isSaved = resumed !== undefined;
  const save = async (checkpoint: Checkpoint): Promise<void> => {
    const savedFor = saveRequests?.answer();
    await recording;
    // All that was told of these steps must be there before the checkpoint is.
    metrics.sync();
    const file = await saveRunCheckpoint(await loaded(job), checkpoint);
    isSaved = true;
    tell({ event: "checkpoint", epoch: epochsDone(checkpoint), step: checkpoint.step, file, savedFor });
    keeper.retry();
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
  const test = dataset.then(({ test: images }) => images);
  const checkpoint = { ...saving.rhythm, save, wanted: () => saveRequests?.take() ?? false };
  const from = resumed === undefined ? {} : { resumeFrom: resumed.run.checkpoint, override: resumed.override };
  let result: FitResult;
  let bestFailure: unknown;
  try {
    try {
      result = await fit(model, data, { ...options, ...from, test, checkpoint, signal, onEvent });
    } finally {
      // Else they could come after the record of the end.
      await recording;
      bestFailure = await keeper.settle();
    }
  } catch (error) {
    // What is the user's to mend was refused before the first step: nothing is to be kept.
    if (!isCoded(error) || error instanceof UsageError) throw error;
    if (!count.started) {
      // What a system refuses is not to be mended in what the user gave.
      if (error.code.startsWith("WORKER_")) throw error;
      throw new UsageError(error.code, error.message.slice(error.code.length + 2), { cause: error });
    }
    if (isCoded(bestFailure)) tell({ event: "warning", code: bestFailure.code, message: bestFailure.message });
    await keepFailedRun(await loaded(job), error, { count, isSaved, reporters });
    throw error;
  }
  // Stopped before there was data: no run began.
  if (!count.started) signal.throwIfAborted();
  const best = bestFailure === undefined ? result.best : undefined;
  const { checkpoints, steps } = result;
  const failures = [bestFailure, checkpoints?.step === steps ? undefined : checkpoints?.failure?.error];
  await finish(await loaded(job), result, best, watch, reporters, signal).catch((error: unknown) => {
    failures.unshift(error);
  });
  const [failure, ...others] = failures.filter((error) => error !== undefined);
  // One of them ends the program; the others are not lost for that.
  for (const other of others) if (isCoded(other)) tell({ event: "warning", code: other.code, message: other.message });
  if (failure !== undefined) throw failure;
  return result.aborted ? interruptionOf(signal).exitCode : 0;
}

/** Nothing is refused any more: what is later than the checkpoint goes, and the run's own begins. */
function prepareFolder({ runFolder, resumed, options }: LoadingJob, metrics: MetricsFile): void {
  if (resumed !== undefined) {
    leaveBehind(resumed.run);
    cutMetrics(metrics.file, resumed.run.checkpoint, options.batchSize);
    return;
  }
  try {
    mkdirSync(path.join(runFolder.path, checkpointsFolder));
  } catch {
    // The checkpoints that cannot be written will say so.
  }
}

/** What cannot be written now may be at the end, so the run goes on. */
async function recordBeginning(job: LoadingJob, count: StepCount, tell: (event: RunEvent) => void): Promise<void> {
  const { epochs, steps } = count;
  try {
    // The folder of checkpoints is to be there as surely as they are.
    await syncFolder(job.runFolder.path);
    await saveRunFile(await loaded(job), { epochs, steps, testAccuracy: undefined, finished: false });
  } catch (error) {
    tell(warningOf(error));
  }
}

function warningOf(error: unknown): RunEvent {
  if (!isCoded(error)) throw error;
  const { code, message } = error;
  return { event: "warning", code, message: `${message} Training goes on, and saving is tried again.` };
}

async function loaded(job: LoadingJob): Promise<TrainingJob> {
  return { ...job, description: await job.description };
}
