import { windowGeometry } from "../../../network/layers/window.ts";
import { type Border, imageShape, noBorder } from "./activation.ts";
import type { ConvolutionBlock } from "../blocks.ts";

/** A convolution in full; a dense layer is one of a single window that covers its input. */
export interface FilterGeometry {
  readonly height: number;
  readonly width: number;
  /** Channels in and out. */
  readonly inputs: number;
  readonly filters: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly strideHeight: number;
  readonly strideWidth: number;
  readonly outputHeight: number;
  readonly outputWidth: number;
  readonly border: Border;
}

export function filterGeometry(block: ConvolutionBlock): FilterGeometry {
  const [height, width, inputs] = imageShape(block.inputShape);
  const { layer } = block;
  if (layer.kind === "dense") {
    const one = { height, width, kernelHeight: 1, kernelWidth: 1, strideHeight: 1, strideWidth: 1 };
    return { ...one, inputs, filters: layer.units, outputHeight: 1, outputWidth: 1, border: noBorder };
  }
  const [kernelHeight, kernelWidth] = layer.kernelSize;
  const [strideHeight, strideWidth] = layer.strides;
  const vertical = windowGeometry(height, kernelHeight, strideHeight, layer.padding);
  const horizontal = windowGeometry(width, kernelWidth, strideWidth, layer.padding);
  return {
    height,
    width,
    inputs,
    filters: layer.filters,
    kernelHeight,
    kernelWidth,
    strideHeight,
    strideWidth,
    outputHeight: vertical.outputSize,
    outputWidth: horizontal.outputSize,
    border: {
      top: vertical.padBefore,
      bottom: vertical.padAfter,
      left: horizontal.padBefore,
      right: horizontal.padAfter,
    },
  };
}
