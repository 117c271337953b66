import type { BestWeights } from "@convoy/core/training";
import type { Usage } from "../worker/usage.ts";
import type { WorkerTimings } from "./worker_timings.ts";

/** What `fit` resolves to. */
export interface FitResult {
  /** Whole epochs. */
  readonly epochs: number;
  /** Optimizer steps. */
  readonly steps: number;
  /** Wall time of the call, with start-up and evaluation. */
  readonly seconds: number;
  /** One entry a whole epoch. */
  readonly history: readonly EpochResult[];
  /** Stopped by the signal: after a whole step, which is saved where `checkpoint` was given. */
  readonly aborted: boolean;
  /** Fingerprint of the weights: the same for any number of workers. */
  readonly weightsSha256: string;
  readonly workers: number;
  readonly shards: number;
  /** Where there are validation images, and an epoch was validated: the weights that did best, in the whole run. */
  readonly best?: BestResult | undefined;
  /** Where `checkpoint` was given. */
  readonly checkpoints?: SavedCheckpoints | undefined;
}

export interface SavedCheckpoints {
  /** Optimizer steps of the last one that was saved: the steps of the result, when its end is safe. */
  readonly step: number | undefined;
  /** The last one that could not be saved, if there was any, and what `save` threw. */
  readonly failure: { readonly step: number; readonly error: unknown } | undefined;
}

export interface EpochResult {
  /** From 1. */
  readonly epoch: number;
  /** Mean of the images' losses, each taken before its step. */
  readonly loss: number;
  readonly trainAccuracy: number;
  readonly imagesPerSecond: number;
  readonly seconds: number;
  /** What each worker did, in the order of the workers; not there where no step of the epoch was left to train. */
  readonly usage?: readonly Usage[];
  /** On the images given as `validation`, or kept away from training by `validationSplit`, after the epoch. */
  readonly validation?: ValidationResult;
  /** On the images given as `test`, after the epoch. */
  readonly evaluation?: EvaluationResult;
  /** Of each worker, where `timings` was wanted. */
  readonly timings?: readonly WorkerTimings[];
}

export interface ValidationResult {
  readonly validationAccuracy: number;
  readonly validationLoss: number;
  readonly correct: number;
  readonly total: number;
}

/** Epoch and steps that the weights come from, and how they did on the validation images. */
export interface BestResult extends ValidationResult, Omit<BestWeights, "loss"> {}

export interface EvaluationResult {
  readonly testAccuracy: number;
  readonly testLoss: number;
  readonly correct: number;
  readonly total: number;
}
