import type { ImageStore, SequentialConfig } from "@convoy/core/training";
import type { ReplicaWrapperModule } from "../worker/task.ts";

/** What all threads see of a prediction. */
export interface Prediction {
  readonly model: SequentialConfig;
  readonly plan: { readonly workers: number };
  readonly control: Int32Array;
  readonly weights: Float32Array;
  readonly store: ImageStore;
  /** [count, classes]; each worker writes those of its own images. */
  readonly logits: Float32Array;
  /** Images in one call of a replica. */
  readonly part: number;
  /** Used by the tests that inject faults. */
  readonly replicaWrapper: ReplicaWrapperModule | undefined;
}

export interface PredictionTask {
  readonly run: Prediction;
  readonly worker: number;
}
