import type { Initializer } from "../initializers/initializer.ts";
import type { LayerDefinition, ParameterShape } from "./definition.ts";
import type { Activation, Conv2dLayer, Padding, Pair } from "./layer.ts";
import { OptionReader } from "./options.ts";
import { shapeSize } from "./shape.ts";
import { windowShape } from "./window_shape.ts";

export interface Conv2dOptions {
  readonly filters: number;
  readonly kernelSize: number | Pair | readonly number[];
  readonly strides?: number | Pair | readonly number[];
  readonly padding?: Padding;
  readonly activation?: Activation;
  readonly useBias?: boolean;
  readonly kernelInitializer?: Initializer;
  readonly biasInitializer?: Initializer;
}

/** Each is handled in code: 128 × 128, four times what anyone has trained. */
const mostCells = 2 ** 14;

const known = [
  "filters",
  "kernelSize",
  "strides",
  "padding",
  "activation",
  "useBias",
  "kernelInitializer",
  "biasInitializer",
];

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
 * @param options.activation "linear" or "relu". Default "linear"
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
export function conv2d(options: Conv2dOptions): Conv2dLayer {
  const read = new OptionReader("conv2d", options, known);
  return {
    kind: "conv2d",
    filters: read.size("filters"),
    kernelSize: read.pair("kernelSize", undefined, mostCells),
    strides: read.pair("strides", 1),
    padding: read.padding(),
    activation: read.activation(),
    useBias: read.flag("useBias", true),
    kernelInitializer: read.initializer("kernelInitializer", "glorotUniform"),
    biasInitializer: read.initializer("biasInitializer", "zeros"),
  };
}

export const conv2dDefinition: LayerDefinition<Conv2dLayer> = {
  outputShape(layer, input, name) {
    return [...windowShape(name, input, layer.kernelSize, layer.strides, layer.padding), layer.filters];
  },
  parameters(layer, input) {
    const [height, width] = layer.kernelSize;
    const [, , channels] = input;
    const fans = { fanIn: height * width * channels, fanOut: height * width * layer.filters };
    const shape = [height, width, channels, layer.filters];
    const kernel: ParameterShape = { name: "kernel", shape, initializer: layer.kernelInitializer, ...fans };
    const bias: ParameterShape = { name: "bias", shape: [layer.filters], initializer: layer.biasInitializer, ...fans };
    return layer.useBias ? [kernel, bias] : [kernel];
  },
  flops(layer, input, output) {
    const multiplyAdds = layer.kernelSize[0] * layer.kernelSize[1] * input[2];
    const each = 2 * multiplyAdds + (layer.useBias ? 1 : 0) + (layer.activation === "relu" ? 1 : 0);
    return each * shapeSize(output);
  },
};
