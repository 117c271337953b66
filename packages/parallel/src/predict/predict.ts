import {
  evaluateBy,
  predictBy,
  type Evaluation,
  type Forward,
  type ImageData,
  type PredictOptions,
  type Sequential,
} from "@convoy/core/training";
import { whole } from "../fit/option_checks.ts";
import type { TrainerSettings } from "../fit/workers.ts";
import { usableCores } from "../machine/usable_cores.ts";
import { maximumWorkers } from "../plan/maximum_workers.ts";
import { forwardOnThreads } from "./forward.ts";

export interface WorkersOption {
  /** Threads, from 1. Default: as many as the work is worth, at most one a core that this process may use */
  readonly workers?: number | undefined;
}

/** Floating-point operations for which it pays to start a thread: some tenths of a second. */
const worthAThread = 1e10;

export interface Predicting {
  readonly predict: (
    model: Sequential,
    images: Uint8Array | Float32Array,
    options?: PredictOptions & WorkersOption,
  ) => Promise<Float32Array>;
  readonly evaluate: (
    model: Sequential,
    data: ImageData,
    options?: PredictOptions & WorkersOption,
  ) => Promise<Evaluation>;
}

/** `predict` and `evaluate`, with what their tests need besides. */
export function createPredicting(settings: TrainerSettings = {}): Predicting {
  return {
    predict: async (model, images, { workers, ...options } = {}) => {
      const forward = chosen(model, images?.length, workers, settings);
      return forward === undefined ? model.predict(images, options) : predictBy(forward, model, images, options);
    },
    evaluate: async (model, data, { workers, ...options } = {}) => {
      const forward = chosen(model, data?.images?.length, workers, settings);
      return forward === undefined ? model.evaluate(data, options) : evaluateBy(forward, model, data, options);
    },
  };
}

/** @returns nothing where this thread computes */
function chosen(
  model: Sequential,
  values: number | undefined,
  workers: number | undefined,
  settings: TrainerSettings,
): Forward | undefined {
  if (workers !== undefined) whole("workers", workers, 1, maximumWorkers);
  const [height, width, channels] = model.inputShape;
  const images = (values ?? 0) / (height * width * channels);
  const work = images * model.layers.reduce((sum, { flops }) => sum + flops, 0);
  const worth = Math.min(usableCores(), Math.max(1, Math.floor(work / worthAThread)));
  const threads = workers ?? worth;
  return threads === 1 ? undefined : forwardOnThreads(model, threads, settings);
}

const onThreads = createPredicting();

/**
 * `model.predict` on many threads: the probability of each class, for each image, with the same bits.
 *
 * @param images one image or many, NHWC; bytes are normalised, floats are taken as they are
 * @param options.workers threads, from 1, which is this very thread. Default: as many as the work is worth, at most
 *   one a core that this process may use
 * @param options.normalization as in `model.predict`
 *
 * Shape: [N, H, W, C] → [N, classes].
 *
 * @throws `FIT_OPTION` for impossible workers; as `model.predict` does; `WORKER_…` as `fit` does
 */
export const predict: Predicting["predict"] = onThreads.predict;

/**
 * `model.evaluate` on many threads: loss and accuracy on labelled images, with the same bits.
 *
 * @param options.workers threads, from 1, which is this very thread. Default: as many as the work is worth, at most
 *   one a core that this process may use
 * @param options.normalization as in `model.evaluate`
 *
 * @throws `FIT_OPTION` for impossible workers; as `model.evaluate` does; `WORKER_…` as `fit` does
 *
 * @example
 * const { accuracy } = await evaluate(model, test, { workers: 4 });
 */
export const evaluate: Predicting["evaluate"] = onThreads.evaluate;
