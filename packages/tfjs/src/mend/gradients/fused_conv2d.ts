import type { Tensor } from "@tensorflow/tfjs-core";
import type { Gradient } from "../gradients.ts";
import { type ConvolutionAttributes, convolutionGradients } from "./conv2d.ts";
import { throughRelu } from "./relu.ts";

interface FusedAttributes extends ConvolutionAttributes {
  readonly activation?: string;
}

/**
 * The gradients of a fused convolution with relu or without activation. tfjs has them in the operation itself, where they
 * are all computed, wanted or not; here each is computed when it is asked for.
 */
function fusedGradient(kernelName: "Conv2D" | "DepthwiseConv2dNative"): Gradient {
  return (tf) => ({
    inputsToSave: ["x", "filter"],
    outputsToSave: [true],
    gradFunc: (gradient, saved, all) => {
      const attributes = all as unknown as FusedAttributes;
      const y = saved[2];
      const dy = gradient as Tensor;
      const dSum = attributes.activation === "relu" ? throughRelu(tf, dy, y) : dy;
      // The bias is a number for each channel: others are not given to the kernel while gradients are taken.
      const bias = (): Tensor => tf.sum(dSum, attributes.dataFormat === "NCHW" ? [0, 2, 3] : [0, 1, 2]);
      return { ...convolutionGradients(tf, kernelName, saved, dSum, attributes), bias };
    },
  });
}

export const fusedConv2dGradient: Gradient = fusedGradient("Conv2D");
export const fusedDepthwiseConv2dGradient: Gradient = fusedGradient("DepthwiseConv2dNative");
