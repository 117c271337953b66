import type { Normalization } from "./normalization.ts";

/** A labelled set of images for training and another for testing. */
export interface Dataset {
  readonly name: string;
  readonly classes: number;
  readonly classNames: readonly string[];
  readonly train: ImageSet;
  readonly test: ImageSet;
  /** The folder that the files came from. */
  readonly source: string;
  /** True when all four files have the published checksums, false for own data in the same form. */
  readonly verified: boolean;
}

/** Images with their labels, as `fit` and `evaluate` take them. */
export interface ImageSet {
  /** One byte a pixel and channel, image after image, row by row (NHWC). */
  readonly images: Uint8Array;
  /** Class of each image, 0 to classes - 1. */
  readonly labels: Uint8Array;
  readonly shape: readonly [height: number, width: number, channels: number];
  readonly normalization: Normalization;
}
