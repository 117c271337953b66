import type { NamedAttrMap, Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "@convoy/core/engine";
import { TfjsError } from "../../errors.ts";
import type { Gradient } from "../gradients.ts";

/** What a convolution and its gradients share of their attributes. */
export interface ConvolutionAttributes {
  readonly strides: number | [number, number];
  readonly pad: "valid" | "same" | number;
  readonly dataFormat?: "NHWC" | "NCHW";
  readonly dilations?: number | [number, number] | null;
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
}

/** Gradients of a convolution by the kernels that compute them. */
export function convolutionGradients(
  tf: TensorFlow,
  kernelName: "Conv2D" | "DepthwiseConv2dNative",
  [x, filter]: readonly Tensor[],
  dy: Tensor,
  { strides, pad, dataFormat, dilations: given, dimRoundingMode }: ConvolutionAttributes,
): { x: () => Tensor; filter: () => Tensor } {
  // tfjs-layers gives null, which its CPU backend cannot take.
  const dilations = given ?? [1, 1];
  refuseDilationElsewhere(tf, dilations);
  const attributes = { strides, pad, dataFormat, dilations, dimRoundingMode };
  const run = (gradient: string, inputs: Record<string, Tensor>, shape: object): Tensor => {
    return tf
      .engine()
      .runKernel(`${kernelName}Backprop${gradient}`, inputs, { ...attributes, ...shape } as NamedAttrMap);
  };
  return {
    x: () => run("Input", { dy, filter }, { inputShape: x.shape }),
    filter: () => run("Filter", { x, dy }, { filterShape: filter.shape }),
  };
}

/** Dilated gradients are refused on every backend but ours, whose kernels would not see the dilation. */
export function refuseDilationElsewhere(tf: TensorFlow, dilations: unknown): void {
  const dilated = [dilations ?? 1].flat().some((dilation) => dilation !== 1);
  if (dilated && tf.getBackend() !== "wasm") {
    throw new TfjsError(
      "TAPE_DILATION",
      `gradients of dilated convolutions need backend 'wasm'; it is '${tf.getBackend()}'. Call tf.setBackend("wasm").`,
    );
  }
}

/** As tfjs has it, but with dilations, which tfjs refuses on every backend. */
export const conv2dGradient: Gradient = (tf) => ({
  inputsToSave: ["x", "filter"],
  gradFunc: (dy, saved, attributes) => {
    return convolutionGradients(tf, "Conv2D", saved, dy as Tensor, attributes as unknown as ConvolutionAttributes);
  },
});

/** The same for each channel by a filter of its own. */
export const depthwiseConv2dGradient: Gradient = (tf) => ({
  inputsToSave: ["x", "filter"],
  gradFunc: (dy, saved, attributes) => {
    const own = attributes as unknown as ConvolutionAttributes;
    return convolutionGradients(tf, "DepthwiseConv2dNative", saved, dy as Tensor, own);
  },
});

/** The gradient of a transposed convolution, and of a gradient: with the dilations of the forward pass. */
export const conv2dBackpropInputGradient: Gradient = (tf) => ({
  inputsToSave: ["dy", "filter"],
  gradFunc: (ddx, [dy, filter], all) => {
    const attributes = all as unknown as ConvolutionAttributes;
    const { strides, pad, dataFormat, dilations, dimRoundingMode } = attributes;
    const x = ddx as Tensor4D;
    return {
      dy: () => tf.conv2d(x, filter as Tensor4D, strides, pad, dataFormat, dilations ?? 1, dimRoundingMode),
      filter: () => convolutionGradients(tf, "Conv2D", [x, filter], dy, attributes).filter(),
    };
  },
});
