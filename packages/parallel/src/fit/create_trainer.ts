import type { AnyLayersModel } from "@convoy/tfjs/tape";
import { type Sequential, weightsSha256 } from "@convoy/core/training";
import { fitCompiled } from "../compiled/fit_compiled.ts";
import type { LayersFitEvent } from "../compiled/events.ts";
import type { LayersFitOptions } from "../compiled/options.ts";
import { refuseTfjsData } from "../compiled/refuse_tfjs_data.ts";
import type { LayersFitResult } from "../compiled/result.ts";
import type { LayersData } from "../compiled/samples.ts";
import { ThreadPool } from "../pool/thread_pool.ts";
import type { ShownEnd } from "../progress/fit_progress.ts";
import type { Run, RunStart } from "../worker/task.ts";
import { alone } from "./alone.ts";
import { checkWeights } from "./check_weights.ts";
import type { FitEvent } from "./events.ts";
import { loadedData, type Loading } from "./loaded_data.ts";
import { meaningOf, type MeantData } from "./meaning.ts";
import { checkOptions, type CheckedOptions, type FitOptions } from "./options.ts";
import { patienceAfter } from "./patience.ts";
import { planRun, planStart } from "./plan_run.ts";
import type { FitResult } from "./result.ts";
import { resume } from "./resume.ts";
import { runIdentity, type RunIdentity } from "./run_identity.ts";
import { shareImages } from "./shared_images.ts";
import { trainableModel, type TrainableModel } from "./trainable_model.ts";
import { TrainingRun } from "./training_run.ts";
import { whileThreadsStart } from "./while_threads_start.ts";
import type { TrainerSettings } from "./workers.ts";

export interface Fit {
  (model: AnyLayersModel, data: LayersData, options?: LayersFitOptions): Promise<LayersFitResult>;
  (model: Sequential | AnyLayersModel, data: Loading, options?: FitOptions): Promise<FitResult>;
}

/** `fit`, with what its tests need besides. */
export function createTrainer(settings: TrainerSettings = {}): Fit {
  // Which of the two it is shows in the data.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return (async (model: never, data: Loading | LayersData, options: never) => {
    refuseTfjsData(data);
    return typeof data === "object" && data !== null && "x" in data
      ? shown<LayersFitEvent, LayersFitOptions, LayersFitResult>(options, (listening) =>
          fitCompiled(model, data, settings, listening),
        )
      : fitLoading(model, data, settings, options);
  }) as Fit;
}

async function fitLoading(
  model: Sequential | AnyLayersModel,
  data: Loading,
  settings: TrainerSettings,
  options?: FitOptions,
): Promise<FitResult> {
  // When `fit` fails for another reason, nobody waits for the data any more; that it fails too is then no crash.
  void Promise.allSettled([data, options?.validation, options?.test]);
  return shown<FitEvent, FitOptions, FitResult>(options, (listening) =>
    alone(model, () => fitImages(model, data, settings, listening)),
  );
}

interface Shown<Event> {
  readonly progress?: boolean | undefined;
  readonly onEvent?: ((event: Event) => void) | undefined;
}

/** Shows the run where that is wanted. What shows it is loaded only then. */
async function shown<Event extends FitEvent | LayersFitEvent, Options extends Shown<Event>, Result extends ShownEnd>(
  options: Options | undefined,
  run: (options: Options | undefined) => Promise<Result>,
): Promise<Result> {
  if (options?.progress !== true) return run(options);
  const { FitProgress } = await import("../progress/fit_progress.ts");
  const progress = FitProgress.open<Event>();
  try {
    const result = await run({ ...options, onEvent: progress.around(options.onEvent) });
    progress.end(result);
    return result;
  } finally {
    progress.close();
  }
}

async function fitImages(
  model: Sequential | AnyLayersModel,
  data: Loading,
  settings: TrainerSettings,
  options: FitOptions = {},
): Promise<FitResult> {
  const started = performance.now();
  const checked = checkOptions(options);
  const trainable = await trainableModel(model, checked.replica, checked.kernels);
  // A checkpoint brings others.
  if (checked.resumeFrom === undefined) checkWeights(trainable);
  const start = planStart(trainable, checked, settings.cores);
  // The threads start up, plan and compile while the data is loaded and copied.
  const pool = await ThreadPool.open(start.plan.workers, settings, "worker");
  let training: TrainingRun | undefined;
  let patience = patienceAfter(undefined);
  try {
    const loaded = await whileThreadsStart(pool, start, loadedData(data, checked), checked);
    if (loaded === undefined) return stoppedBefore(trainable, start, checked, started);
    const meant = meaningOf(trainable, loaded);
    const { run, identity } = await plannedRun(trainable, meant, checked, start, settings);
    const { resumeFrom, override } = checked;
    if (resumeFrom !== undefined && identity !== undefined) resume(resumeFrom, run, identity, override);
    trainable.setMeaning(meant.meaning);
    training = new TrainingRun(run, checked, pool, started, identity, settings.hangMilliseconds);
    await training.train();
  } catch (error) {
    patience = patienceAfter(error);
    throw error;
  } finally {
    // First the threads: then nobody writes to the weights any more.
    await pool.destroy(patience);
    if (training !== undefined) {
      trainable.setWeights(training.weights);
      // Weights that nothing was learned into mean what they meant.
      if (training.steps === 0 && trainable.meaning !== undefined) trainable.setMeaning(trainable.meaning);
      await training.finish();
    }
  }
  return training.result();
}

/** The signal came before the data: no step of the run was taken, and the model is as it was. */
function stoppedBefore(
  { weights }: TrainableModel,
  { plan: { workers, shards } }: RunStart,
  { checkpoint }: CheckedOptions,
  started: number,
): FitResult {
  return {
    epochs: 0,
    steps: 0,
    seconds: (performance.now() - started) / 1000,
    history: [],
    aborted: true,
    weightsSha256: weightsSha256(weights),
    workers,
    shards,
    ...(checkpoint === undefined ? {} : { checkpoints: { step: undefined, failure: undefined } }),
  };
}

/** A function of its own, after which nobody holds all images where a part of them is kept away from training. */
async function plannedRun(
  model: TrainableModel,
  { loaded, meaning }: MeantData,
  options: CheckedOptions,
  start: RunStart,
  { replicaWrapper }: TrainerSettings,
): Promise<{ readonly run: Run; readonly identity: RunIdentity | undefined }> {
  const images = shareImages(model, loaded, options);
  const run = planRun(model, images, options, start, replicaWrapper);
  const { checkpoint, resumeFrom, validationSplit } = options;
  const isWanted = checkpoint !== undefined || resumeFrom !== undefined;
  return { run, identity: isWanted ? await runIdentity(model, meaning, run, images, validationSplit) : undefined };
}
