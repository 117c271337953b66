import type { TfjsKernel } from "../kernel_context.ts";
import { poolGeometry, poolStruct } from "./pool_geometry.ts";

/**
 * Largest real cell of each window; NaN wins. Shape: [N, H, W, C] → [N, OH, OW, C], or with a depth before H.
 *
 * The stock kernel of two dimensions gives -Infinity for NaN, so that a diverged run would look sound. The one of three
 * gives 1.2e-38 for a window without a positive cell, where its running maximum starts.
 */
export const maxPool: TfjsKernel = (context, { x }, attributes) => {
  const geometry = poolGeometry(x, attributes);
  const y = context.output(geometry.outShape);
  const { window, buffer } = poolStruct(context, geometry);
  context.kernels.maxPool(window, context.address(x), context.address(y), buffer);
  return y;
};

/**
 * Each window's gradient goes to its first largest cell. Shape: dy [N, OH, OW, C] → [N, H, W, C], or with a depth.
 *
 * The stock kernels lose or misplace the gradient of every window whose maximum is not positive, because their running
 * maximum starts at 1.2e-38, and give it to the last of equal cells.
 */
export const maxPoolGrad: TfjsKernel = (context, { dy, input }, attributes) => {
  const geometry = poolGeometry(input, attributes, dy);
  const dx = context.output(input.shape);
  const { window } = poolStruct(context, geometry);
  context.kernels.maxPoolGradient(window, context.address(input), context.address(dy), context.address(dx));
  return dx;
};

/**
 * Largest real cell of each window, and where it is: the first one's place in the image, or in the batch, counted in
 * elements. Shape: x [N, H, W, C] → twice [N, OH, OW, C].
 *
 * The stock kernel gives 0 at 0 where a window has no positive cell, and skips NaN.
 */
export const maxPoolWithArgmax: TfjsKernel = (context, { x }, attributes) => {
  const geometry = poolGeometry(x, attributes);
  const y = context.output(geometry.outShape);
  const indexes = context.output(geometry.outShape, "int32");
  const { window } = poolStruct(context, geometry);
  const { kernels, address } = context;
  const fromBatch = attributes["includeBatchInIndex"] === true;
  kernels.maxPoolWithArgmax(window, address(x), address(y), address(indexes), fromBatch);
  return [y, indexes];
};
