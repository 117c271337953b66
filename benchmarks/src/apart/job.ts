import type { ImageStore, PlannedSpec } from "@convoy/core/training";

/** What a thread that computes by itself is told. */
export interface ApartJob {
  readonly spec: PlannedSpec;
  readonly weights: Float32Array;
  readonly store: ImageStore;
  readonly images: number;
  readonly milliseconds: number;
  readonly threads: number;
  /** This one, from 0. */
  readonly thread: number;
  /** Counts the threads that are ready: they start together. */
  readonly gate: Int32Array;
  /** Images a second, of each thread. */
  readonly rates: Float64Array;
}
