import type { backend_util } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "../../backend/wasm_backend.ts";
import { CoreError } from "../../errors.ts";

type Pad = Parameters<typeof backend_util.computeConv2DInfo>[4];

/** Sizes of a convolution from a tfjs kernel's attributes. */
export function convolutionInfo(
  tf: TensorFlow,
  inputShape: readonly number[],
  filterShape: readonly number[],
  attributes: Record<string, unknown>,
): backend_util.Conv2DInfo {
  const { strides, dilations, pad, dimRoundingMode, dataFormat } = attributes as {
    strides: number | [number, number];
    dilations?: number | [number, number];
    pad: Pad;
    dimRoundingMode?: "floor" | "round" | "ceil";
    dataFormat?: "NHWC" | "NCHW";
  };
  if (dataFormat === "NCHW") {
    throw new CoreError("TAPE_DATA_FORMAT", "convolutions take NHWC images; got NCHW. Use dataFormat 'channelsLast'.");
  }
  return tf.backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
  );
}
