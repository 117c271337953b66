import type { TfjsKernel } from "../kernel_context.ts";
import { allFloats, dilationGeometry, dilationStruct } from "./dilation_geometry.ts";

/**
 * Grayscale dilation:
 *
 *     y[n, h, w, c] = max_{r, s} x[n, h · stride + r · dilation - top, w · stride + s · dilation - left, c] + filter[r, s, c]
 *
 * Shape: x [N, H, W, C], filter [R, S, C] → [N, OH, OW, C]. NaN wins.
 * The stock kernel gives 1.2e-38 where no sum is positive, for its running maximum starts there; of integers it is right.
 */
export const dilation2d: TfjsKernel = (context, inputs, attributes, stock) => {
  const { x, filter } = inputs;
  if (!allFloats(inputs)) return stock(inputs, attributes);
  const geometry = dilationGeometry(x.shape, filter.shape, attributes);
  const y = context.output(geometry.outShape);
  const { sizes } = dilationStruct(context, geometry);
  context.kernels.dilation2d(sizes, context.address(x), context.address(filter), context.address(y));
  return y;
};

/**
 * The gradient of each window goes to the cell that won, the first of several. Shape: dy [N, OH, OW, C] → [N, H, W, C].
 * The stock kernel sends it to the window's first cell where no sum is positive.
 */
export const dilation2dBackpropInput: TfjsKernel = (context, inputs, attributes, stock) => {
  const { x, filter, dy } = inputs;
  if (!allFloats(inputs)) return stock(inputs, attributes);
  const geometry = dilationGeometry(x.shape, filter.shape, attributes, dy.shape);
  const dx = context.output(x.shape);
  const { sizes } = dilationStruct(context, geometry);
  const { kernels, address } = context;
  kernels.dilation2dInputGradient(sizes, address(x), address(filter), address(dy), address(dx));
  return dx;
};

/** The same for the filter's taps, summed over the batch. Shape: dy [N, OH, OW, C] → [R, S, C]. */
export const dilation2dBackpropFilter: TfjsKernel = (context, inputs, attributes, stock) => {
  const { x, filter, dy } = inputs;
  if (!allFloats(inputs)) return stock(inputs, attributes);
  const geometry = dilationGeometry(x.shape, filter.shape, attributes, dy.shape);
  const dfilter = context.output(filter.shape);
  const { sizes, sums } = dilationStruct(context, geometry);
  const { kernels, address } = context;
  kernels.dilation2dFilterGradient(sizes, address(x), address(filter), address(dy), address(dfilter), sums);
  return dfilter;
};
