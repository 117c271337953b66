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
  /** The caller's; without one, a network's own is used, or 0.5 and 0.5. */
  readonly normalization?: Normalization | undefined;
  /** One a class. */
  readonly classNames?: readonly string[] | undefined;
  /** How a picture becomes such an image, where that cannot be seen in the images themselves. */
  readonly pictureFit?: PictureFit | undefined;
}

/** As `@convoy/core` explains it. */
export interface PictureFit {
  readonly fit: "ink" | "contain" | "cover" | "stretch";
  readonly ground?: "dark" | "light";
  readonly size?: number;
  readonly center?: "mass" | "box";
}
