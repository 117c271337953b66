import type { TapeKernel } from "./wasm_backend.ts";
import { convolutionInfo } from "./convolution_info.ts";

/**
 * tfjs's own convolution (XNNPACK), with the padding spelled out.
 *
 * Shape: x [N, H, W, C], filter [R, S, C, K] → [N, OH, OW, K]; the same for the fused form with bias and activation.
 * With pad 'same' the stock kernel is wrong wherever one axis needs padding and a large stride makes the other's
 * negative (tfjs issues 6629 and 8405); explicit pads, none of them negative, are right on every shape.
 */
export const conv2d: TapeKernel = (context, inputs, attributes, stock) => {
  const { padInfo } = convolutionInfo(context.tf, inputs["x"].shape, inputs["filter"].shape, attributes);
  const { top, bottom, left, right } = padInfo;
  const pad = [
    [0, 0],
    [Math.max(top, 0), Math.max(bottom, 0)],
    [Math.max(left, 0), Math.max(right, 0)],
    [0, 0],
  ];
  return stock(inputs, { ...attributes, pad, dimRoundingMode: "floor" });
};
