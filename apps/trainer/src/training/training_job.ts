import type { KernelVariant, Optimizer, Sequential } from "@convoy/core/training";
import type { CheckpointRhythm } from "../options/checkpoint_rhythm.ts";
import type { RunDescription } from "../progress/run_description.ts";
import type { RunFolder } from "../runs/run_folder.ts";
import type { SavedRun } from "../runs/saved_run.ts";

/** A run with all that it needs. */
export interface TrainingJob {
  readonly description: RunDescription;
  readonly model: Sequential;
  /** What `fit` takes. */
  readonly options: {
    readonly epochs: number;
    readonly batchSize: number;
    readonly workers: number;
    readonly shards: number;
    readonly maxRestarts: number;
    readonly seed: number;
    readonly targetAccuracy: number | undefined;
    readonly validationSplit: number | undefined;
    readonly optimizer: Optimizer;
    readonly kernels: KernelVariant;
  };
  readonly saving: {
    readonly rhythm: CheckpointRhythm;
    /** Whole checkpoints to keep. */
    readonly keep: number;
    /** What else a checkpoint is to say. */
    readonly metadata: Readonly<Record<string, string>>;
  };
  /** Where it goes on, and whether settings may be others. */
  readonly resumed: { readonly run: SavedRun; readonly override: boolean } | undefined;
}

/** A run whose data is still loading. */
export interface LoadingJob extends Omit<TrainingJob, "description"> {
  readonly description: Promise<RunDescription>;
  readonly runFolder: RunFolder;
}
