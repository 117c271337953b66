export type {
  LayersEpochEvent,
  LayersFitEvent,
  LayersIdleEvent,
  LayersOptimizerEvent,
  LayersProgressEvent,
  LayersStartEvent,
} from "./compiled/events.ts";
export type { LayersCallback, Logs } from "./compiled/callbacks.ts";
export type { LayersFitOptions } from "./compiled/options.ts";
export type { LayersFitResult } from "./compiled/result.ts";
export type { LayersData, NamedSamples, Samples, SampleValues } from "./compiled/samples.ts";
export type { ClassWeight, ClassWeights } from "./compiled/sample_weights.ts";
export { ParallelError } from "./errors.ts";
export type { RunPosition } from "./errors.ts";
export type { CheckpointOptions } from "./fit/checkpoint_options.ts";
export type {
  BestEvent,
  CheckpointFailedEvent,
  EpochEvent,
  EvaluationEvent,
  FaultEvent,
  FitEvent,
  ProgressEvent,
  StartEvent,
  StepEvent,
  ValidationEvent,
} from "./fit/events.ts";
export { fit } from "./fit/fit.ts";
export type { FitOptions } from "./fit/options.ts";
export type {
  BestResult,
  EpochResult,
  EvaluationResult,
  FitResult,
  SavedCheckpoints,
  ValidationResult,
} from "./fit/result.ts";
export type { WorkerTimings } from "./fit/worker_timings.ts";
export { evaluate, predict } from "./predict/predict.ts";
export type { Predicting, WorkersOption } from "./predict/predict.ts";
export { defaultShards } from "./plan/shards.ts";
export { split } from "./plan/split.ts";
export type { Usage } from "./worker/usage.ts";
