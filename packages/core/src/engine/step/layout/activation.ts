import type { ImageShape, Shape } from "../../../network/layers/shape.ts";
import type { Arena } from "./arena.ts";

/** Zeros around an image, for the layer that reads it. */
export interface Border {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

export const noBorder: Border = { top: 0, bottom: 0, left: 0, right: 0 };

/** Images in memory, NHWC, with zeros around each. Strides and offsets are bytes. */
export interface Layout {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly border: Border;
  readonly rowStride: number;
  readonly imageStride: number;
  /** From the start of an image to its first real pixel. */
  readonly interior: number;
}

/** What one layer hands to the next: its values, and the gradient of the loss with respect to them. */
export interface Activation extends Layout {
  /** Address of image 0, its border included. */
  readonly values: number;
  /** The same for the gradient; 0 where nothing needs it. */
  readonly gradient: number;
}

/** A feature vector is an image of one pixel. */
export function imageShape(shape: Shape): ImageShape {
  return shape.length === 3 ? [shape[0], shape[1], shape[2]] : [1, 1, shape[0]];
}

export function layoutOf(shape: Shape, border: Border): Layout {
  const [height, width, channels] = imageShape(shape);
  const rowStride = (border.left + width + border.right) * channels * 4;
  return {
    height,
    width,
    channels,
    border,
    rowStride,
    imageStride: (border.top + height + border.bottom) * rowStride,
    interior: border.top * rowStride + border.left * channels * 4,
  };
}

export function allocateActivation(
  arena: Arena,
  shape: Shape,
  border: Border,
  capacity: number,
  needsGradient: boolean,
): Activation {
  const layout = layoutOf(shape, border);
  const bytes = layout.imageStride * capacity;
  return { ...layout, values: arena.allocate(bytes), gradient: needsGradient ? arena.allocate(bytes) : 0 };
}
