import { CoreError } from "../../errors.ts";
import type { Pair } from "../options/values.ts";
import { type Shape, shapeText } from "./shape.ts";
import { type SlidingWindow, windowGeometry } from "./window.ts";

/**
 * [H, W] of what a sliding window gives.
 *
 * @throws `LAYER_SHAPE` when the input is no image, or smaller than the window
 */
export function windowShape(name: string, input: Shape, { size, strides, padding }: SlidingWindow): Pair {
  if (input.length !== 3) {
    throw new CoreError(
      "LAYER_SHAPE",
      `${name} needs an image, [height, width, channels]; ${shapeText(input)} came in. ` +
        `Put it before flatten() and dense().`,
    );
  }
  const [height, width] = input;
  const rows = windowGeometry(height, size[0], strides[0], padding).outputSize;
  const columns = windowGeometry(width, size[1], strides[1], padding).outputSize;
  if (rows === 0 || columns === 0) {
    throw new CoreError(
      "LAYER_SHAPE",
      `${name}: its window of ${size[0]} x ${size[1]} is larger than the input, ${shapeText(input)}. ` +
        `Use a window of at most ${height} x ${width}, or padding "same".`,
    );
  }
  return [rows, columns];
}
