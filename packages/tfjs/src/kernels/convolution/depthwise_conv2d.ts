import { withActivation } from "../fused_activation.ts";
import type { TfjsKernel } from "../kernel_context.ts";
import { convolveDepthwise, depthwiseFilterGradient, depthwiseInputGradient } from "./convolve.ts";
import { geometry2d } from "./geometry.ts";
import { channelsFirstToo, requireFloat32 } from "./images.ts";

/**
 *     y[n, h, w, c · M + m] = act(bias[c · M + m] + Σ_{r, s} x[n, h · stride + r · dilation - top, …, c] · filter[r, s, c, m])
 *
 * Shape: x [N, H, W, C], filter [R, S, C, M] → [N, OH, OW, C · M]; or images with channels first; bias and activation in the
 * fused form only. NaN stays NaN. The stock kernel has the faults of its conv2d.
 */
export const depthwiseConv2d: TfjsKernel = channelsFirstToo(["x"], true, (context, inputs, attributes, stock) => {
  const { x, filter } = inputs;
  requireFloat32(x, filter);
  const geometry = geometry2d(context.tf, x.shape, filter.shape, attributes, { depthwise: true });
  const fused = withActivation(context, inputs, attributes, geometry.filters, (epilogue) => {
    const y = context.output([geometry.images, geometry.axes[1].output, geometry.axes[2].output, geometry.filters]);
    convolveDepthwise(context, geometry, context.address(x), context.address(filter), epilogue, context.address(y));
    return y;
  });
  // The stock kernel refuses other activations.
  return fused ?? stock(inputs, attributes);
});

/**
 *     dx[n, h, w, c] = Σ_{r, s, m} dy[n, (h + top - r · dilation) / stride, …, c · M + m] · filter[r, s, c, m]
 *
 * over the products whose divisions leave no rest. Shape: dy [N, OH, OW, C · M], filter [R, S, C, M] → inputShape.
 * tfjs's backend lacks it.
 */
export const depthwiseConv2dBackpropInput: TfjsKernel = channelsFirstToo(
  ["dy"],
  true,
  (context, inputs, attributes) => {
    const { dy, filter } = inputs;
    requireFloat32(dy, filter);
    const inputShape = attributes["inputShape"] as number[];
    const geometry = geometry2d(context.tf, inputShape, filter.shape, attributes, {
      depthwise: true,
      gradient: dy.shape,
    });
    const dx = context.output(inputShape);
    depthwiseInputGradient(context, geometry, context.address(dy), context.address(filter), context.address(dx));
    return dx;
  },
);

/**
 *     dw[r, s, c, m] = Σ_{n, h, w} x[n, h · stride + r · dilation - top, …, c] · dy[n, h, w, c · M + m]
 *
 * Shape: x [N, H, W, C], dy [N, OH, OW, C · M] → filterShape [R, S, C, M]. tfjs's backend lacks it.
 */
export const depthwiseConv2dBackpropFilter: TfjsKernel = channelsFirstToo(
  ["x", "dy"],
  false,
  (context, inputs, attributes) => {
    const { x, dy } = inputs;
    requireFloat32(x, dy);
    const filterShape = attributes["filterShape"] as number[];
    const geometry = geometry2d(context.tf, x.shape, filterShape, attributes, { depthwise: true, gradient: dy.shape });
    const dw = context.output(filterShape);
    depthwiseFilterGradient(context, geometry, context.address(x), context.address(dy), context.address(dw));
    return dw;
  },
);
