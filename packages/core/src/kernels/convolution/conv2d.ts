import type { TfjsKernel } from "../kernel_context.ts";
import { convolutionInfo } from "./convolution_info.ts";
import { withReluAfter } from "../elementwise/fused_relu.ts";

/**
 * tfjs's own convolution (XNNPACK), with padding 'same' spelled out.
 *
 *     y[n, h, w, k] = bias[k] + Σ_{r, s, c} x[n, h · stride + r - top, w · stride + s - left, c] · filter[r, s, c, k]
 *
 * Shape: x [N, H, W, C], filter [R, S, C, K] → [N, OH, OW, K]; bias and activation in the fused form only.
 * With pad 'same' the stock kernel is wrong where an axis has a stride longer than its window and the other needs
 * padding (tfjs issues 6629 and 8405); the same pads given as numbers are right on every shape.
 */
export const conv2d: TfjsKernel = (context, inputs, attributes, stock) => {
  let all = attributes;
  if (attributes["pad"] === "same") {
    const { padInfo } = convolutionInfo(context.tf, inputs["x"].shape, inputs["filter"].shape, attributes);
    const { top, bottom, left, right } = padInfo;
    const pad = [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ];
    // Rounding down makes the output as large as 'same' does.
    all = { ...attributes, pad, dimRoundingMode: "floor" };
  }
  return withReluAfter(context, all, (rest) => stock(inputs, rest));
};
