import type { KernelVariant, Optimizer } from "@convoy/core/training";
import type { Usage } from "../worker/usage.ts";
import type { Phase } from "./fault.ts";
import type { BestResult, EvaluationResult, ValidationResult } from "./result.ts";

/** What `fit` tells while it runs. Epochs and steps count from 1, steps within their epoch; workers from 0. */
export type FitEvent =
  | StartEvent
  | StepEvent
  | ProgressEvent
  | EpochEvent
  | ValidationEvent
  | BestEvent
  | EvaluationEvent
  | CheckpointFailedEvent
  | FaultEvent;

/** What is told first, whatever is trained. */
export interface RunStartEvent {
  readonly event: "start";
  /** Trained numbers. */
  readonly parameters: number;
  /** Threads that train: no more than there are shards. */
  readonly workers: number;
  readonly requestedWorkers: number;
  readonly shards: number;
  readonly batchSize: number;
  readonly epochs: number;
  /** In an epoch. */
  readonly steps: number;
  readonly seed: number;
}

export interface StartEvent extends RunStartEvent {
  /** That are trained on. */
  readonly images: number;
  /** Given as `validation`, or kept away from training by `validationSplit`. */
  readonly validationImages?: number | undefined;
  /** Given as `test`. */
  readonly testImages?: number | undefined;
  readonly optimizer: Optimizer;
  /** Of a planned replica; the tape has none to choose from. */
  readonly kernels?: KernelVariant | undefined;
  /** Where a resumed run goes on: whole epochs, and optimizer steps. */
  readonly resumedFrom?: { readonly epoch: number; readonly step: number } | undefined;
}

/** Every 100 minibatches: their mean. */
export interface StepEvent {
  readonly event: "step";
  readonly epoch: number;
  readonly step: number;
  readonly loss: number;
}

/** At most ten a second, for a progress bar: the epoch so far. */
export interface ProgressEvent {
  readonly event: "progress";
  readonly epoch: number;
  readonly step: number;
  readonly steps: number;
  readonly imagesPerSecond: number;
  readonly loss: number;
  readonly trainAccuracy: number;
}

export interface EpochEvent {
  readonly event: "epoch";
  readonly epoch: number;
  /** Mean of the images' losses, each taken before its step. */
  readonly loss: number;
  readonly trainAccuracy: number;
  /** Training images over the epoch's wall time, evaluation excluded. */
  readonly imagesPerSecond: number;
  readonly seconds: number;
  /** What each worker did, in the order of the workers; not there where no step of the epoch was left to train. */
  readonly usage?: readonly Usage[];
}

/** After each epoch, on the images given as `validation`, or kept away from training by `validationSplit`. */
export interface ValidationEvent extends ValidationResult {
  readonly event: "validation";
  readonly epoch: number;
  /** Whether no epoch before did better. */
  readonly best: boolean;
}

/**
 * Follows a validation that no epoch before did better in, and the start of a run that goes on from a checkpoint with best
 * weights. These are a copy.
 */
export interface BestEvent extends BestResult {
  readonly event: "best";
}

/** After each epoch, on the images given as `test`. */
export interface EvaluationEvent extends EvaluationResult {
  readonly event: "evaluation";
  readonly epoch: number;
}

/** `checkpoint.save` failed; training goes on. */
export interface CheckpointFailedEvent {
  readonly event: "checkpointFailed";
  /** After which step of which epoch the run would have been saved; step 0 of epoch 1 is the beginning. */
  readonly epoch: number;
  readonly step: number;
  /** What it threw. */
  readonly error: unknown;
}

/**
 * A worker failed, or the loss is not finite. With `restart` the run goes on; without, `fit` is about to reject, with the
 * first of the faults that came in a row.
 */
export interface FaultEvent {
  readonly event: "fault";
  readonly code: string;
  readonly message: string;
  readonly worker?: number | undefined;
  /** What the workers were doing. */
  readonly phase?: Phase | undefined;
  readonly epoch?: number | undefined;
  readonly step?: number | undefined;
  /** Fresh threads do the step again, for which time in a row without a whole step between, from 1. */
  readonly restart?: number | undefined;
}
