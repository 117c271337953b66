import type { ImageShape, Layer, Normalization } from "@convoy/core";

/** What a peer is set to, besides its process: threads, layout, compiler. */
export type Settings = Readonly<Record<string, string | number | boolean>>;

/** Files of one case, so that all peers start from the same weights and see the same minibatches. */
export interface CaseFiles {
  /** One byte a pixel and channel, NHWC. */
  readonly images: string;
  /** One byte an image. */
  readonly labels: string;
  /** Little-endian int32: the order of each epoch of the check, one after the other. */
  readonly order: string;
  /** Little-endian float32: Convoy's flat parameter vector. */
  readonly weights: string;
}

/** One line to a peer's process: train, and say how fast, or how far. */
export interface Job {
  readonly network: string;
  readonly batchSize: number;
  readonly inputShape: ImageShape;
  readonly layers: readonly Layer[];
  /** Shape of each part of the flat parameter vector. */
  readonly parameters: readonly (readonly number[])[];
  readonly normalization: Normalization;
  readonly learningRate: number;
  readonly momentum: number;
  readonly setup: Settings;
  readonly files: CaseFiles;
  /** Start from the first weights again, train this many epochs, and answer the mean loss of the last. 0: do not. */
  readonly checkEpochs: number;
  /** To measure, after a warm-up. 0: do not. */
  readonly seconds: number;
}
