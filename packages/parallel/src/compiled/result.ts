/** What `fit` resolves to for a compiled tfjs-layers model: tfjs's history, and what the run was. */
export interface LayersFitResult {
  /** Of whole epochs, from 0. */
  readonly epoch: readonly number[];
  /** For each whole epoch: loss, metrics, and with validation data those with val_ in front. */
  readonly history: Readonly<Record<string, readonly number[]>>;
  /** Whole epochs. */
  readonly epochs: number;
  /** Optimizer steps. */
  readonly steps: number;
  /** Wall time of the call, with start-up and validation. */
  readonly seconds: number;
  /** Stopped by the signal. */
  readonly aborted: boolean;
  /** Fingerprint of all weights, trained or not: the same for any number of workers. */
  readonly weightsSha256: string;
  readonly workers: number;
  readonly shards: number;
  /** Of the workers that were asked for, those that were not started: there were no shards for them. */
  readonly idleWorkers: number;
}
