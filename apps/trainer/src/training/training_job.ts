import type { Sequential } from "@convoy/core";
import type { RunDescription } from "../progress/run_description.ts";

/** A run with all that it needs. */
export interface TrainingJob {
  readonly description: RunDescription;
  readonly model: Sequential;
  /** What `fit` takes beside the optimizer. */
  readonly options: {
    readonly epochs: number;
    readonly batchSize: number;
    readonly workers: number;
    readonly shards: number;
    readonly seed: number;
    readonly targetAccuracy: number | undefined;
  };
}
