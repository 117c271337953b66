import { layerKind } from "./layer_kind.ts";
import { poolOptions, poolRules } from "./pooling.ts";

/**
 * The largest value of each window, channel by channel.
 *
 *     y[h, w, c] = max over r, s of x[h * strideH + r - top, w * strideW + s - left, c]
 *
 * Cells outside the image do not take part. Rows and columns that no whole window reaches are left out ("valid").
 *
 * @param options.poolSize the window, one number or [vertical, horizontal]. Default 2
 * @param options.strides step of the window. Default: poolSize
 * @param options.padding "valid" or "same". Default "valid"
 *
 * Shape: [H, W, C] → [H', W', C]; see `windowGeometry`.
 *
 * Gradient: goes to the largest value alone; among equal ones, to the first, row by row, as in PyTorch.
 *
 * @throws `LAYER_OPTION` for an option that is unknown or impossible
 *
 * @example
 * maxPool2d({ poolSize: 2 })
 */
export const maxPool2d = layerKind(
  "maxPool2d",
  poolOptions,
  poolRules((cells) => cells - 1),
);
