import type { ParameterSpec } from "../../network/layers/built_layer.ts";
import type { SequentialConfig } from "../../network/sequential_config.ts";
import type { Optimizer } from "../../network/optimizers/optimizers.ts";
import type { Settings } from "./settings_sha256.ts";

/**
 * A run between two of its steps: all that decides the bits of the steps to come, and the sums of the epoch's metrics so
 * far. Order of the images and dropout are keyed by seed, epoch and step, so they need no state of their own.
 */
export interface Checkpoint {
  /** Where each tensor lies in the flat vectors. */
  readonly parameters: readonly Pick<ParameterSpec, "name" | "shape">[];
  /** The flat parameter vector. */
  readonly weights: Float32Array;
  /** The network, where it is a Sequential. A file with it can be loaded as one. */
  readonly model?: SequentialConfig | undefined;
  readonly optimizer: Optimizer;
  /** A flat vector for each name of `stateOf(optimizer)`: the velocity, or Adam's m and v. */
  readonly optimizerState: readonly Float32Array[];
  /** Optimizer steps that are done. */
  readonly step: number;
  /** The epoch under way, from 0: as many are behind it. */
  readonly epoch: number;
  /**
   * Images of that epoch, in its order, that are used up. All of them where the epoch's evaluation is still to come; 0
   * where the epoch has not begun.
   */
  readonly samplerPosition: number;
  /** Key of the order of the images and of dropout. */
  readonly seed: number;
  readonly metrics: EpochSums;
  /** Where images are kept away from training: the weights that did best on them, after some epoch so far. */
  readonly best?: BestWeights | undefined;
  /** Whatever else would change the result, so that a resume with other settings can name each. */
  readonly settings: Settings;
  /** Free text by key; what begins with "convoy." is taken. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** The metrics of the epoch under way, as sums over the images that are used up: so that its means come out exactly. */
export interface EpochSums {
  /** Of each image's loss, each taken before its step. */
  readonly loss: number;
  /** Images that were classified right. */
  readonly correct: number;
  /** Of the minibatches' mean losses since the last step that was a multiple of a hundred in its epoch. */
  readonly recentLoss: number;
}

/** The weights after an epoch, and how they did on the images that are kept away from training. */
export interface BestWeights {
  /** Whole epochs, from 1. */
  readonly epoch: number;
  /** Optimizer steps. */
  readonly step: number;
  /** Mean of the images' losses. */
  readonly loss: number;
  /** Images that were classified right, of how many. */
  readonly correct: number;
  readonly total: number;
  /** The flat parameter vector. */
  readonly weights: Float32Array;
}

/** Raised when older programs could misread a newer file. */
export const formatVersion = 1;

/** Metadata that only a checkpoint has. */
export const checkpointKeys = {
  format: "convoy.checkpoint",
  optimizer: "convoy.optimizer",
  epoch: "convoy.epoch",
  step: "convoy.step",
  seed: "convoy.seed",
  samplerPosition: "convoy.samplerPosition",
  metrics: "convoy.metrics",
  best: "convoy.best",
  settings: "convoy.settings",
  settingsSha256: "convoy.settingsSha256",
} as const;

/** Weights keep the names that they have without an optimizer. */
export function stateTensorName(vector: string, parameter: string): string {
  return `optimizer.${vector}/${parameter}`;
}

/** The best weights come last. */
export function bestTensorName(parameter: string): string {
  return `best/${parameter}`;
}
