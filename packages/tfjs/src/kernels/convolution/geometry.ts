import type { backend_util } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "@convoy/core/engine";
import { TfjsError } from "../../errors.ts";
import type { Attributes } from "../kernel_context.ts";
import type { Axis } from "./axis_walk.ts";

type Shape = readonly number[];

/** A convolution of NHWC or NDHWC images; a plane image has depth 1. */
export interface Geometry {
  readonly images: number;
  readonly inputs: number;
  /** Channels of the output. */
  readonly filters: number;
  readonly axes: readonly [depth: Axis, height: Axis, width: Axis];
}

const flat: Axis = { input: 1, output: 1, kernel: 1, stride: 1, dilation: 1, before: 0 };

/**
 * Sizes from the attributes of a tfjs kernel.
 *
 * @param gradient Shape of the output's gradient: tfjs does not hand on how the output's size was rounded.
 */
export function geometry2d(
  tf: TensorFlow,
  inputShape: Shape,
  filterShape: Shape,
  attributes: Attributes,
  { depthwise = false, gradient }: { readonly depthwise?: boolean; readonly gradient?: Shape } = {},
): Geometry {
  const { strides, dilations, pad, dimRoundingMode } = attributes as {
    readonly strides: number | [number, number];
    readonly dilations?: number | [number, number] | null;
    readonly pad: Parameters<typeof backend_util.computeConv2DInfo>[4];
    readonly dimRoundingMode?: "floor" | "round" | "ceil";
  };
  const info = tf.backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    depthwise,
  );
  return checked({
    images: info.batchSize,
    inputs: info.inChannels,
    filters: info.outChannels,
    axes: [
      flat,
      {
        input: info.inHeight,
        output: gradient?.[1] ?? info.outHeight,
        kernel: info.filterHeight,
        stride: info.strideHeight,
        dilation: info.dilationHeight,
        before: info.padInfo.top,
      },
      {
        input: info.inWidth,
        output: gradient?.[2] ?? info.outWidth,
        kernel: info.filterWidth,
        stride: info.strideWidth,
        dilation: info.dilationWidth,
        before: info.padInfo.left,
      },
    ],
  });
}

/** The same for images with depth. */
export function geometry3d(tf: TensorFlow, inputShape: Shape, filterShape: Shape, attributes: Attributes): Geometry {
  const { strides, dilations, pad } = attributes as {
    readonly strides: number | [number, number, number];
    readonly dilations?: number | [number, number, number];
    readonly pad: "valid" | "same";
  };
  const info = tf.backend_util.computeConv3DInfo(
    inputShape as [number, number, number, number, number],
    filterShape as [number, number, number, number, number],
    strides,
    dilations ?? 1,
    pad,
  );
  return checked({
    images: info.batchSize,
    inputs: info.inChannels,
    filters: info.outChannels,
    axes: [
      {
        input: info.inDepth,
        output: info.outDepth,
        kernel: info.filterDepth,
        stride: info.strideDepth,
        dilation: info.dilationDepth,
        before: info.padInfo.front,
      },
      {
        input: info.inHeight,
        output: info.outHeight,
        kernel: info.filterHeight,
        stride: info.strideHeight,
        dilation: info.dilationHeight,
        before: info.padInfo.top,
      },
      {
        input: info.inWidth,
        output: info.outWidth,
        kernel: info.filterWidth,
        stride: info.strideWidth,
        dilation: info.dilationWidth,
        before: info.padInfo.left,
      },
    ],
  });
}

function checked(geometry: Geometry): Geometry {
  for (const { input, output, kernel, dilation } of geometry.axes) {
    if (output < 0) {
      throw new TfjsError(
        "TAPE_WINDOW",
        `a window of ${(kernel - 1) * dilation + 1} does not fit into ${input} pixels and their padding. ` +
          "Use a smaller filter or larger images.",
      );
    }
  }
  return geometry;
}
