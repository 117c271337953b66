import type { ImageShape } from "../layers/shape.ts";
import type { Normalization } from "./normalization.ts";
import type { PictureFit } from "./picture_fit.ts";

/** What `fit`, `evaluate` and `predict` take: any data set, or a plain object. */
export interface ImageData {
  /** NHWC, one image after the other. Bytes are normalised; floats are taken as they are. */
  readonly images: Uint8Array | Float32Array;
  /** Class of each image, 0 to classes - 1. */
  readonly labels: ArrayLike<number>;
  /** [height, width, channels] of an image. */
  readonly shape: ImageShape | readonly number[];
  /** Of bytes: they become (byte / 255 - mean) / deviation. Default: the model's, or the seed program's 0.5 and 0.5. */
  readonly normalization?: Normalization | undefined;
  /** One a class. */
  readonly classNames?: readonly string[] | undefined;
  /** How a picture becomes such an image. Default: as the images themselves lie. */
  readonly pictureFit?: PictureFit | undefined;
}

/**
 * Images and labels as a replica reads them. Each image starts on a 32-bit word, so that it can be copied word by word
 * without a view of its own. The arrays may lie in a SharedArrayBuffer: the store can then be posted to a worker
 * without a copy.
 */
export interface ImageStore {
  readonly shape: ImageShape;
  readonly count: number;
  readonly pixelType: "uint8" | "float32";
  readonly wordsPerImage: number;
  readonly words: Int32Array;
  readonly labels: Int32Array;
  readonly normalization: Normalization;
}
