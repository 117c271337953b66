import type { ConfigOf } from "../options/kind.ts";
import type { GivenOptions } from "../options/option.ts";
import { byDefault, oneOf, pair, size } from "../options/values.ts";
import { layerKind } from "./layer_kind.ts";
import { shapeSize } from "./shape.ts";
import { flopsOfResult, kernelAndBias, weightOptions } from "./weights.ts";
import { paddings } from "./window.ts";
import { windowShape } from "./window_shape.ts";

/** Each is handled in code: 128 × 128, four times what anyone has trained. */
const mostCells = 2 ** 14;

/**
 * A convolution over images: each filter slides over the image and gives one channel of the result.
 *
 *     y[h, w, k] = activation(bias[k] + sum over r, s, c of x[h * strideH + r - top, w * strideW + s - left, c] * kernel[r, s, c, k])
 *
 * Cells outside the image count as zero. As everywhere in this field, the kernel is not flipped.
 *
 * @param options.filters channels of the result, K
 * @param options.kernelSize R and S: one number for both, or [vertical, horizontal]
 * @param options.strides step of the window, one number or [vertical, horizontal]. Default 1
 * @param options.padding "valid" (none) or "same" (as in TensorFlow: out = ceil(in / stride)). Default "valid"
 * @param options.activation name of an activation, such as "relu". Default "linear"
 * @param options.useBias Default true
 * @param options.kernelInitializer "glorotUniform", "heUniform", "pytorch" or "zeros". Default "glorotUniform"
 * @param options.biasInitializer the same choice. Default "zeros"
 *
 * Shape: [H, W, C] → [H', W', K]; see `windowGeometry` for H' and W'. Kernel [R, S, C, K], bias [K].
 *
 * @throws `LAYER_OPTION` for an option that is unknown or impossible
 *
 * Source: Dumoulin and Visin, A guide to convolution arithmetic for deep learning, arXiv:1603.07285
 *
 * @example
 * conv2d({ filters: 16, kernelSize: 3, activation: "relu" })
 */
export const conv2d = layerKind(
  "conv2d",
  {
    filters: size("channels of the result"),
    kernelSize: pair("height and width of the window", mostCells),
    strides: byDefault(pair("step of the window"), 1),
    padding: byDefault(oneOf("zeros around the image", paddings), "valid"),
    ...weightOptions,
  },
  {
    outputShape({ filters, kernelSize, strides, padding }, input, name) {
      return [...windowShape(name, input, { size: kernelSize, strides, padding }), filters];
    },
    tensors(layer, [, , channels]) {
      const { kernelSize, filters } = layer;
      const cells = kernelSize[0] * kernelSize[1];
      const fans = { fanIn: cells * channels, fanOut: cells * filters };
      return kernelAndBias(layer, [...kernelSize, channels, filters], fans);
    },
    flops(layer, [, , channels], output) {
      const [rows, columns] = layer.kernelSize;
      return flopsOfResult(layer, rows * columns * channels) * shapeSize(output);
    },
    window: ({ kernelSize, strides, padding }) => ({ size: kernelSize, strides, padding }),
  },
);

export type Conv2dOptions = GivenOptions<typeof conv2d.options>;
export type Conv2dLayer = ConfigOf<typeof conv2d>;
