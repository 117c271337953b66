import type { ImageData, Sequential } from "@convoy/core";
import type { LayersModel } from "@tensorflow/tfjs-layers";
import { ThreadPool } from "../pool/thread_pool.ts";
import { checkOptions, type FitOptions } from "./options.ts";
import { planRun, planWork } from "./plan_run.ts";
import type { FitResult } from "./result.ts";
import { trainableModel } from "./trainable_model.ts";
import { TrainingRun } from "./training_run.ts";
import type { TrainerSettings } from "./workers.ts";

export type Fit = (model: Sequential | LayersModel, data: ImageData, options?: FitOptions) => Promise<FitResult>;

/** `fit`, with what its tests need besides. */
export function createTrainer(settings: TrainerSettings = {}): Fit {
  return async (model, data, options = {}) => {
    const started = performance.now();
    const checked = checkOptions(options);
    const trainable = await trainableModel(model, checked.replica);
    const plan = planWork(trainable, checked);
    // The threads start up while the data is copied.
    const pool = new ThreadPool(plan.workers, settings.resourceLimits);
    settings.onThreads?.(pool.threads);
    let training: TrainingRun | undefined;
    try {
      const run = planRun(trainable, data, checked, plan, settings.replicaWrapper);
      training = new TrainingRun(run, checked, pool, started);
      return await training.train();
    } finally {
      // First the threads: then nobody writes to the weights any more.
      await pool.destroy();
      if (training !== undefined) trainable.setWeights(training.weights);
    }
  };
}
