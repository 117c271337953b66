import { withActivation } from "../fused_activation.ts";
import type { TfjsKernel } from "../kernel_context.ts";
import { convolve, convolveFilterGradient, convolveInputGradient } from "./convolve.ts";
import { geometry2d } from "./geometry.ts";
import { channelsFirstToo, requireFloat32 } from "./images.ts";

/**
 *     y[n, h, w, k] = act(bias[k] + Σ_{r, s, c} x[n, h · stride + r · dilation - top, …, c] · filter[r, s, c, k])
 *
 * Shape: x [N, H, W, C] or, with dataFormat 'NCHW', [N, C, H, W]; filter [R, S, C, K] → [N, OH, OW, K]; bias and
 * activation in the fused form only. NaN stays NaN.
 *
 * The stock kernel is wrong with pad 'same' where an axis has a stride longer than its window and the other needs padding
 * (tfjs issues 6629 and 8405); gives what a filter was before it was written in place; refuses 'NCHW'.
 */
export const conv2d: TfjsKernel = channelsFirstToo(["x"], true, (context, inputs, attributes, stock) => {
  const { x, filter } = inputs;
  requireFloat32(x, filter);
  const geometry = geometry2d(context.tf, x.shape, filter.shape, attributes);
  const fused = withActivation(context, inputs, attributes, geometry.filters, (epilogue) => {
    const y = context.output([geometry.images, geometry.axes[1].output, geometry.axes[2].output, geometry.filters]);
    convolve(context, geometry, context.address(x), context.address(filter), epilogue, context.address(y));
    return y;
  });
  // The stock kernel refuses other activations.
  return fused ?? stock(inputs, attributes);
});

/**
 *     dx[n, h, w, c] = Σ_{r, s, k} dy[n, (h + top - r · dilation) / stride, …, k] · filter[r, s, c, k]
 *
 * over the products whose divisions leave no rest. It is the forward pass of a transposed convolution as well.
 *
 * Shape: dy [N, OH, OW, K], filter [R, S, C, K] → inputShape [N, H, W, C]; or channels first.
 * A transposed convolution may be given more pixels than the convolution would have made: as in tfjs, they count for nothing.
 * The stock kernel knows no dilation, and is a scalar loop.
 */
export const conv2dBackpropInput: TfjsKernel = channelsFirstToo(["dy"], true, (context, inputs, attributes) => {
  const { dy, filter } = inputs;
  requireFloat32(dy, filter);
  const inputShape = attributes["inputShape"] as number[];
  if (typeof attributes["pad"] === "string") {
    const [, height, width] = geometry2d(context.tf, inputShape, filter.shape, attributes).axes;
    if (dy.shape[1] > height.output || dy.shape[2] > width.output) {
      const size = [
        dy.shape[0],
        Math.min(dy.shape[1], height.output),
        Math.min(dy.shape[2], width.output),
        dy.shape[3],
      ];
      const part = context.run("Slice", { x: dy }, { begin: [0, 0, 0, 0], size });
      const dx = context.run("Conv2DBackpropInput", { dy: part, filter }, attributes);
      context.release(part);
      return dx;
    }
  }
  const geometry = geometry2d(context.tf, inputShape, filter.shape, attributes, { gradient: dy.shape });
  const dx = context.output(inputShape);
  convolveInputGradient(context, geometry, context.address(dy), context.address(filter), context.address(dx));
  return dx;
});

/**
 *     dw[r, s, c, k] = Σ_{n, h, w} x[n, h · stride + r · dilation - top, …, c] · dy[n, h, w, k]
 *
 * Shape: x [N, H, W, C], dy [N, OH, OW, K] → filterShape [R, S, C, K]; or images with channels first.
 * tfjs's backend lacks it: no convolution can be trained there (tfjs issue 8474).
 */
export const conv2dBackpropFilter: TfjsKernel = channelsFirstToo(["x", "dy"], false, (context, inputs, attributes) => {
  const { x, dy } = inputs;
  requireFloat32(x, dy);
  const filterShape = attributes["filterShape"] as number[];
  const geometry = geometry2d(context.tf, x.shape, filterShape, attributes, { gradient: dy.shape });
  const dw = context.output(filterShape);
  convolveFilterGradient(context, geometry, context.address(x), context.address(dy), context.address(dw));
  return dw;
});
