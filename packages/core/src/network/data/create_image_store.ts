import { shown } from "../printable.ts";
import { CoreError } from "../../errors.ts";
import { shapeText } from "../layers/shape.ts";
import type { ImageData, ImageStore } from "./image_store.ts";
import { checkedNormalization, standardNormalization } from "./normalization.ts";

export interface ImageStoreOptions {
  /**
   * Put pixels and labels into SharedArrayBuffers, which workers see without a copy. Pixels that already lie in one, each
   * image on whole words, stay where they are. Default false.
   */
  readonly shared?: boolean;
}

/**
 * Checks images and labels, and copies them into the form that replicas read.
 *
 * @param data images (NHWC, Uint8Array or Float32Array), labels, shape, and normalization for bytes (default 0.5, 0.5)
 * @param classes labels must lie in 0 to classes - 1
 * @param options.shared use SharedArrayBuffers. Default false
 *
 * @throws `DATA_TYPE` when images, labels or classes are of another type; `DATA_SHAPE` for an impossible shape;
 * `DATA_EMPTY` without images; `DATA_LENGTH` when images, labels and shape do not agree; `DATA_LABEL` and `DATA_PIXEL`
 * for the first bad label or pixel; `DATA_NORMALIZATION` for a mean or deviation that cannot work, and for one of floats
 *
 * @example
 * const store = createImageStore({ images: new Uint8Array(784), labels: [7], shape: [28, 28, 1] }, 10)
 * store.count // 1
 */
export function createImageStore(data: ImageData, classes: number, options: ImageStoreOptions = {}): ImageStore {
  const { images, labels, shape } = data;
  checkTypes(data, classes);
  const pixels = checkedSize(shape);
  const normalization = checkedNormalization(data.normalization ?? standardNormalization, "DATA_NORMALIZATION");
  const count = checkedCount(images.length, pixels, labels.length, data);
  for (let i = 0; i < count; i++) {
    const label: unknown = labels[i];
    if (typeof label === "number" && Number.isInteger(label) && label >= 0 && label < classes) continue;
    const cure = typeof label === "bigint" ? " Give numbers: Int32Array.from(labels, Number)." : "";
    throw new CoreError(
      "DATA_LABEL",
      `the label of image ${i} is ${shown(label)}; ${classes} classes need a whole number from 0 to ${classes - 1}.${cure}`,
    );
  }
  const bytes = images instanceof Uint8Array;
  if (!bytes) {
    checkFinite(images, pixels);
    if (data.normalization !== undefined) throw ofFloats();
  }

  const wordsPerImage = bytes ? Math.ceil(pixels / 4) : pixels;
  const Buffer = options.shared === true ? SharedArrayBuffer : ArrayBuffer;
  const inPlace =
    options.shared === true &&
    images.buffer instanceof SharedArrayBuffer &&
    pixels * images.BYTES_PER_ELEMENT === wordsPerImage * 4 &&
    images.byteOffset % 4 === 0;
  const words = inPlace
    ? new Int32Array(images.buffer, images.byteOffset, count * wordsPerImage)
    : wordsOf(images, pixels, count, wordsPerImage, new Buffer(count * wordsPerImage * 4));
  const labelCopy = new Int32Array(new Buffer(count * 4));
  labelCopy.set(labels);
  return {
    shape: [shape[0], shape[1], shape[2]],
    count,
    pixelType: bytes ? "uint8" : "float32",
    wordsPerImage,
    words,
    labels: labelCopy,
    normalization,
  };
}

/** Copies images, each to the start of a word. */
function wordsOf(
  images: Uint8Array | Float32Array,
  pixels: number,
  count: number,
  wordsPerImage: number,
  buffer: ArrayBuffer | SharedArrayBuffer,
): Int32Array {
  const bytes = images instanceof Uint8Array;
  const copy = bytes ? new Uint8Array(buffer) : new Float32Array(buffer);
  const stride = bytes ? wordsPerImage * 4 : wordsPerImage;
  if (stride === pixels) copy.set(images);
  else for (let i = 0; i < count; i++) copy.set(images.subarray(i * pixels, (i + 1) * pixels), i * stride);
  return new Int32Array(buffer);
}

function checkTypes({ images, labels }: ImageData, classes: number): void {
  if (!(images instanceof Uint8Array) && !(images instanceof Float32Array)) {
    const came = typeName(images);
    // As canvases give them.
    const isClamped = (images as unknown) instanceof Uint8ClampedArray;
    const cure = isClamped ? " Give new Uint8Array(images.buffer, images.byteOffset, images.length)." : "";
    throw new CoreError("DATA_TYPE", `images must be a Uint8Array (bytes) or a Float32Array; got ${came}.${cure}`);
  }
  if (typeof labels !== "object" || labels === null || !Number.isInteger(labels.length)) {
    const came = typeName(labels);
    throw new CoreError("DATA_TYPE", `labels must be an array with one class number an image; got ${came}.`);
  }
  if (!Number.isInteger(classes) || classes < 1) {
    throw new CoreError("DATA_TYPE", `classes must be a whole number from 1; got ${shown(classes)}.`);
  }
}

function checkedSize(shape: ImageData["shape"]): number {
  if (!Array.isArray(shape) || shape.length !== 3 || !shape.every((size) => Number.isInteger(size) && size > 0)) {
    const came = Array.isArray(shape) ? shown(shape) : typeName(shape);
    throw new CoreError("DATA_SHAPE", `shape must be [height, width, channels], whole numbers from 1; got ${came}.`);
  }
  return shape[0] * shape[1] * shape[2];
}

function ofFloats(): CoreError {
  return new CoreError(
    "DATA_NORMALIZATION",
    "images are floats, which are taken as they are: a normalization would change nothing. Leave it out, or give bytes.",
  );
}

function checkedCount(length: number, pixels: number, labels: number, { shape }: ImageData): number {
  if (length === 0) throw new CoreError("DATA_EMPTY", "there are no images. Give at least one.");
  if (length % pixels !== 0) {
    throw new CoreError(
      "DATA_LENGTH",
      `images has ${length} values, which is no whole number of images of ${shapeText(shape)}, ` +
        `${pixels} values each. Check the shape, or cut the rest off.`,
    );
  }
  const count = length / pixels;
  if (labels === count) return count;
  throw new CoreError(
    "DATA_LENGTH",
    `there are ${count} images of ${shapeText(shape)} and ${labels} labels. Give one label an image.`,
  );
}

function checkFinite(images: Float32Array, pixels: number): void {
  const bad = images.findIndex((pixel) => !Number.isFinite(pixel));
  if (bad === -1) return;
  throw new CoreError(
    "DATA_PIXEL",
    `value ${bad % pixels} of image ${Math.floor(bad / pixels)} is ${images[bad]}; every value must be finite.`,
  );
}

function typeName(value: unknown): string {
  if (typeof value === "object" && value !== null) return value.constructor?.name ?? "an object";
  return value === undefined ? "nothing" : typeof value;
}
