import type { Sequential } from "@convoy/core";
import type { LayersModel } from "@tensorflow/tfjs-layers";
import { ParallelError } from "../errors.ts";
import { ThreadPool } from "../pool/thread_pool.ts";
import { loadedData, type Loading } from "./loaded_data.ts";
import { checkOptions, type FitOptions } from "./options.ts";
import { planRun, planStart } from "./plan_run.ts";
import type { FitResult } from "./result.ts";
import { trainableModel } from "./trainable_model.ts";
import { TrainingRun } from "./training_run.ts";
import type { TrainerSettings } from "./workers.ts";

export type Fit = (model: Sequential | LayersModel, data: Loading, options?: FitOptions) => Promise<FitResult>;

/** A thread is gone within milliseconds of being told, on a busy machine within a second. */
const exitMilliseconds = 5000;

/** After the 8 seconds of a hang, what is left of the 10 within which `fit` promises to end. */
const exitAfterHangMilliseconds = 1000;

/** `fit`, with what its tests need besides. */
export function createTrainer(settings: TrainerSettings = {}): Fit {
  return async (model, data, options = {}) => {
    const started = performance.now();
    // When `fit` fails for another reason, nobody waits for the data any more; that it fails too is then no crash.
    void Promise.allSettled([data, options?.validation]);
    const checked = checkOptions(options);
    const trainable = await trainableModel(model, checked.replica, checked.kernels);
    const start = planStart(trainable, checked);
    // The threads start up, plan and compile while the data is loaded and copied.
    const pool = new ThreadPool(start.plan.workers, settings.resourceLimits);
    settings.onThreads?.(pool.threads);
    pool.start(start);
    let training: TrainingRun | undefined;
    let patience = exitMilliseconds;
    try {
      const loaded = await loadedData(data, checked.validation);
      const run = planRun(trainable, loaded, checked, start, settings.replicaWrapper);
      training = new TrainingRun(run, checked, pool, started);
      return await training.train();
    } catch (error) {
      if (error instanceof ParallelError && error.code === "WORKER_HUNG") patience = exitAfterHangMilliseconds;
      throw error;
    } finally {
      // First the threads: then nobody writes to the weights any more.
      await pool.destroy(patience);
      if (training !== undefined) trainable.setWeights(training.weights);
    }
  };
}
