import { layerKind } from "./layer_kind.ts";
import { poolOptions, poolRules } from "./pooling.ts";

/**
 * The mean of each window, channel by channel.
 *
 *     y[h, w, c] = sum over r, s of x[h * strideH + r - top, w * strideW + s - left, c] / n
 *
 * n is the number of cells of the window that lie inside the image, as in TensorFlow.
 *
 * @param options.poolSize the window, one number or [vertical, horizontal]. Default 2
 * @param options.strides step of the window. Default: poolSize
 * @param options.padding "valid" or "same". Default "valid"
 *
 * Shape: [H, W, C] → [H', W', C]; see `windowGeometry`.
 *
 * Gradient: each of the n cells gets 1 / n of it.
 *
 * @throws `LAYER_OPTION` for an option that is unknown or impossible
 *
 * @example
 * averagePool2d({ poolSize: 2 })
 */
export const averagePool2d = layerKind(
  "averagePool2d",
  poolOptions,
  poolRules((cells) => cells),
);
