import type { FaultEvent, RunStartEvent, StepEvent } from "../fit/events.ts";

/** What `fit` tells of a compiled tfjs-layers model while it runs. Epochs and steps count from 1, workers from 0. */
export type LayersFitEvent =
  | LayersStartEvent
  | LayersIdleEvent
  | LayersOptimizerEvent
  | StepEvent
  | LayersProgressEvent
  | LayersEpochEvent
  | FaultEvent;

export interface LayersStartEvent extends RunStartEvent {
  readonly samples: number;
  /** The optimizer's class. */
  readonly optimizer: string;
}

/** After the start, where some of the workers that were asked for have nothing to do. */
export interface LayersIdleEvent {
  readonly event: "idle";
  readonly workers: number;
  readonly requestedWorkers: number;
  readonly shards: number;
  /** Why, and what would give them work. */
  readonly message: string;
}

/** Before an epoch, where the optimizer's settings were changed since the one before. */
export interface LayersOptimizerEvent {
  readonly event: "optimizer";
  /** The first one that is trained with them. */
  readonly epoch: number;
  readonly optimizer: string;
  readonly settings: object;
}

/** At most ten a second, for a progress bar: the epoch so far. */
export interface LayersProgressEvent {
  readonly event: "progress";
  readonly epoch: number;
  readonly step: number;
  readonly steps: number;
  readonly samplesPerSecond: number;
  /** Loss and metrics by their names: means over the samples so far. */
  readonly logs: Readonly<Record<string, number>>;
}

export interface LayersEpochEvent {
  readonly event: "epoch";
  readonly epoch: number;
  /** Loss and metrics by their names, those of the validation data with val_ in front. */
  readonly logs: Readonly<Record<string, number>>;
  /** Training samples over the epoch's wall time, validation excluded. */
  readonly samplesPerSecond: number;
  readonly seconds: number;
}
