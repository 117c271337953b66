import type { ConfigOf } from "../options/kind.ts";
import { layerKind } from "./layer_kind.ts";
import { shapeSize } from "./shape.ts";

/**
 * Turns an image into one row of features, in the order it lies in memory: row, column, channel.
 *
 *     y[(h * W + w) * C + c] = x[h, w, c]
 *
 * Shape: [H, W, C] → [H * W * C]; [features] → [features].
 *
 * @throws `LAYER_OPTION` for any option: there are none
 *
 * @example
 * flatten()
 */
export const flatten = layerKind(
  "flatten",
  {},
  { outputShape: (_, input) => [shapeSize(input)], flops: () => 0, reshapes: true },
);

export type FlattenLayer = ConfigOf<typeof flatten>;
