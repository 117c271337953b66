import type { TfjsKernel } from "../kernel_context.ts";
import { convolve, convolveFilterGradient, convolveInputGradient } from "./convolve.ts";
import { geometry3d } from "./geometry.ts";
import { requireFloat32 } from "./images.ts";

const plain = { bias: 0, low: -Infinity, high: Infinity };

/**
 *     y[n, d, h, w, k] = Σ_{q, r, s, c} x[n, d · stride + q · dilation - front, …, c] · filter[q, r, s, c, k]
 *
 * Shape: x [N, D, H, W, C], filter [Q, R, S, C, K] → [N, OD, OH, OW, K].
 */
export const conv3d: TfjsKernel = (context, { x, filter }, attributes) => {
  requireFloat32(x, filter);
  const geometry = geometry3d(context.tf, x.shape, filter.shape, attributes);
  const y = context.output([geometry.images, ...geometry.axes.map(({ output }) => output), geometry.filters]);
  convolve(context, geometry, context.address(x), context.address(filter), plain, context.address(y));
  return y;
};

/**
 * The gradient with respect to x, from dy [N, OD, OH, OW, K] and the filter → inputShape.
 * The stock kernel's is wrong.
 */
export const conv3dBackpropInput: TfjsKernel = (context, { dy, filter }, attributes) => {
  requireFloat32(dy, filter);
  const inputShape = attributes["inputShape"] as number[];
  const geometry = geometry3d(context.tf, inputShape, filter.shape, attributes);
  const dx = context.output(inputShape);
  convolveInputGradient(context, geometry, context.address(dy), context.address(filter), context.address(dx));
  return dx;
};

/** The gradient with respect to the filter, from x and dy → filterShape. */
export const conv3dBackpropFilter: TfjsKernel = (context, { x, dy }, attributes) => {
  requireFloat32(x, dy);
  const filterShape = attributes["filterShape"] as number[];
  const geometry = geometry3d(context.tf, x.shape, filterShape, attributes);
  const dw = context.output(filterShape);
  convolveFilterGradient(context, geometry, context.address(x), context.address(dy), context.address(dw));
  return dw;
};
