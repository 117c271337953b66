import type { KernelContext, TapeKernel } from "./wasm_backend.ts";
import { convolutionInfo } from "./convolution_info.ts";

/**
 * dw[r, s, c, k] = Σ x[n, h · stride + r - top, w · stride + s - left, c] · dy[n, h, w, k]
 *
 * Shape: x [N, H, W, C], dy [N, OH, OW, K] → [R, S, C, K].
 * tfjs's backend lacks it: no convolution can be trained there (tfjs issue 8474).
 */
export const conv2dBackpropFilter: TapeKernel = (context: KernelContext, { x, dy }, attributes) => {
  const filterShape = attributes["filterShape"] as [number, number, number, number];
  const info = convolutionInfo(context.tf, x.shape, filterShape, attributes);
  const out = context.output(filterShape);
  context.kernels.conv2dBackpropFilter(
    context.window(info),
    context.address(x),
    context.address(dy),
    context.address(out),
  );
  return out;
};
