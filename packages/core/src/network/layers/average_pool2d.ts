import type { LayerDefinition } from "./definition.ts";
import type { Pool2dLayer } from "./layer.ts";
import { pool2d, pool2dShape } from "./pool2d.ts";
import type { Pool2dOptions } from "./pool2d.ts";
import { shapeSize } from "./shape.ts";

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
export function averagePool2d(options: Pool2dOptions = {}): Pool2dLayer {
  return pool2d("averagePool2d", options);
}

export const averagePool2dDefinition: LayerDefinition<Pool2dLayer> = {
  outputShape: pool2dShape,
  parameters: () => [],
  flops: (layer, _, output) => layer.poolSize[0] * layer.poolSize[1] * shapeSize(output),
};
