import type { Pair } from "../options/values.ts";

export const paddings = ["valid", "same"] as const;
export type Padding = (typeof paddings)[number];

/** A window that slides over an image. */
export interface SlidingWindow {
  readonly size: Pair;
  readonly strides: Pair;
  readonly padding: Padding;
}

/** How a sliding window covers one dimension of an image. */
export interface WindowGeometry {
  /** Positions of the window. 0 when the window does not fit at all. */
  readonly outputSize: number;
  /** Cells added above, or at the left. */
  readonly padBefore: number;
  /** Cells added below, or at the right. */
  readonly padAfter: number;
}

/**
 * Output size and padding of a convolution or pooling window along one dimension.
 *
 *     valid: outputSize = floor((inputSize - kernel) / stride) + 1, no padding
 *     same:  outputSize = ceil(inputSize / stride)
 *            total = max((outputSize - 1) * stride + kernel - inputSize, 0), padBefore = floor(total / 2)
 *
 * Source: TensorFlow, "Notes on padding", https://www.tensorflow.org/api_docs/python/tf/nn#notes_on_padding_2
 *
 * @example
 * windowGeometry(28, 3, 2, "same") // { outputSize: 14, padBefore: 0, padAfter: 1 }
 */
export function windowGeometry(inputSize: number, kernel: number, stride: number, padding: Padding): WindowGeometry {
  if (padding === "valid") {
    const outputSize = Math.max(Math.floor((inputSize - kernel) / stride) + 1, 0);
    return { outputSize, padBefore: 0, padAfter: 0 };
  }
  const outputSize = Math.ceil(inputSize / stride);
  const total = Math.max((outputSize - 1) * stride + kernel - inputSize, 0);
  const padBefore = Math.floor(total / 2);
  return { outputSize, padBefore, padAfter: total - padBefore };
}
