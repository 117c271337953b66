import { convolutionInfo } from "./convolution_info.ts";
import type { TfjsKernel } from "../kernel_context.ts";

/**
 * dw[r, s, c, k] = Σ x[n, h · stride + r - top, w · stride + s - left, c] · dy[n, h, w, k]
 *
 * Shape: x [N, H, W, C], dy [N, OH, OW, K] → [R, S, C, K].
 * tfjs's backend lacks it: no convolution can be trained there (tfjs issue 8474).
 */
export const conv2dBackpropFilter: TfjsKernel = (context, { x, dy }, attributes) => {
  const filterShape = attributes["filterShape"] as [number, number, number, number];
  const info = convolutionInfo(context.tf, x.shape, filterShape, attributes);
  const out = context.output(filterShape);
  // tfjs does not hand on how the output's size was rounded; dy has it.
  const window = context.window({ ...info, outHeight: dy.shape[1], outWidth: dy.shape[2] });
  context.kernels.conv2dBackpropFilter(window, context.address(x), context.address(dy), context.address(out));
  return out;
};
