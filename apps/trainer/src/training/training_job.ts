import type { KernelVariant, Optimizer, Sequential } from "@convoy/core";
import type { RunDescription } from "../progress/run_description.ts";
import type { RunFolder } from "../runs/run_folder.ts";

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
    readonly seed: number;
    readonly targetAccuracy: number | undefined;
    readonly optimizer: Optimizer;
    readonly kernels: KernelVariant;
  };
}

/** A run whose data is still loading. */
export interface LoadingJob extends Omit<TrainingJob, "description"> {
  readonly description: Promise<RunDescription>;
  readonly runFolder: RunFolder;
}
