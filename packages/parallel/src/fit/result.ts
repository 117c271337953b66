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
  /** Stopped by the signal. */
  readonly aborted: boolean;
  /** Fingerprint of the weights: the same for any number of workers. */
  readonly weightsSha256: string;
  readonly workers: number;
  readonly shards: number;
}

export interface EpochResult {
  /** From 1. */
  readonly epoch: number;
  /** Mean of the images' losses, each taken before its step. */
  readonly loss: number;
  readonly trainAccuracy: number;
  readonly imagesPerSecond: number;
  readonly seconds: number;
  /** On the validation data, after the epoch. */
  readonly evaluation?: EvaluationResult;
  /** Of each worker, where `timings` was wanted. */
  readonly timings?: readonly WorkerTimings[];
}

export interface EvaluationResult {
  readonly testAccuracy: number;
  readonly correct: number;
  readonly total: number;
  readonly loss: number;
}
