import type { NamedAttrMap, Tensor, Tensor5D } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "@convoy/core/engine";
import type { Gradient } from "../gradients.ts";
import { refuseDilationElsewhere } from "./conv2d.ts";

interface Conv3dAttributes {
  readonly strides: number | [number, number, number];
  readonly pad: "valid" | "same";
  readonly dilations?: number | [number, number, number];
}

function filterGradient(
  tf: TensorFlow,
  x: Tensor,
  dy: Tensor,
  filterShape: number[],
  { strides, pad, dilations }: Conv3dAttributes,
): Tensor {
  const attributes = { strides, pad, dilations, filterShape } as NamedAttrMap;
  return tf.engine().runKernel("Conv3DBackpropFilterV2", { x, dy }, attributes);
}

/** As tfjs has it, but with dilations, which tfjs refuses on every backend. */
export const conv3dGradient: Gradient = (tf) => ({
  inputsToSave: ["x", "filter"],
  gradFunc: (gradient, [x, filter], all) => {
    const attributes = all as unknown as Conv3dAttributes;
    const { strides, pad, dilations } = attributes;
    const dy = gradient as Tensor;
    refuseDilationElsewhere(tf, dilations);
    const inputAttributes = { strides, pad, dilations, inputShape: x.shape } as NamedAttrMap;
    return {
      x: () => tf.engine().runKernel("Conv3DBackpropInputV2", { dy, filter }, inputAttributes),
      filter: () => filterGradient(tf, x, dy, filter.shape, attributes),
    };
  },
});

/** The gradient of a transposed convolution, which tfjs has on no backend. */
export const conv3dBackpropInputGradient: Gradient = (tf) => ({
  inputsToSave: ["dy", "filter"],
  gradFunc: (ddx, [dy, filter], all) => {
    const attributes = all as unknown as Conv3dAttributes;
    const { strides, pad, dilations } = attributes;
    refuseDilationElsewhere(tf, dilations);
    const x = ddx as Tensor5D;
    return {
      dy: () => tf.conv3d(x, filter as Tensor5D, strides, pad, "NDHWC", dilations),
      filter: () => filterGradient(tf, x, dy, filter.shape, attributes),
    };
  },
});
