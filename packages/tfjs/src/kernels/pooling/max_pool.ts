import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { KernelContext, TfjsKernel } from "../kernel_context.ts";
import { integerMaxPool } from "./integer_max_pool.ts";
import { isIdentity, type PoolGeometry, poolGeometry, poolStruct } from "./pool_geometry.ts";

/**
 * Largest real cell of each window; NaN is ignored, as by tfjs's CPU backend and specs, and a window without a number gives
 * -Infinity. Shape: [N, H, W, C] → [N, OH, OW, C], or with a depth before H.
 *
 * The stock kernel of two dimensions gives -Infinity for some windows with NaN. The one of three gives 1.2e-38 for a window
 * without a positive cell, where its running maximum starts. Both take whole numbers for floats.
 */
export const maxPool: TfjsKernel = (context, { x }, attributes) => {
  const geometry = poolGeometry(x, attributes, { integers: true });
  if (isIdentity(x, geometry)) return context.run("Identity", { x });
  if (x.dtype !== "float32") return integerMaxPool(context, x, geometry).y;
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
  const geometry = poolGeometry(input, attributes, { dy });
  const dx = context.output(input.shape);
  const { window } = poolStruct(context, geometry);
  context.kernels.maxPoolGradient(window, context.address(input), context.address(dy), context.address(dx));
  return dx;
};

/**
 * Largest real cell of each window, and where it is: the first one's place in the image, or in the batch, counted in
 * elements. Shape: x [N, H, W, C] → twice [N, OH, OW, C].
 *
 * The stock kernel gives 0 at 0 where a window has no positive cell.
 */
export const maxPoolWithArgmax: TfjsKernel = (context, { x }, attributes) => {
  const geometry = poolGeometry(x, attributes, { integers: true });
  const fromBatch = attributes["includeBatchInIndex"] === true;
  if (x.dtype !== "float32") return integersWithArgmax(context, x, geometry, fromBatch);
  const y = context.output(geometry.outShape);
  const indexes = context.output(geometry.outShape, "int32");
  const { window } = poolStruct(context, geometry);
  const { kernels, address } = context;
  kernels.maxPoolWithArgmax(window, address(x), address(y), address(indexes), fromBatch);
  return [y, indexes];
};

function integersWithArgmax(
  context: KernelContext,
  x: TensorInfo,
  geometry: PoolGeometry,
  fromBatch: boolean,
): TensorInfo[] {
  const image = geometry.height.input * geometry.width.input * geometry.channels;
  const indexes = context.output(geometry.outShape, "int32");
  const { y, places } = integerMaxPool(context, x, geometry);
  // Without a cell, 0 as well.
  const first = (n: number): number => (fromBatch ? 0 : n * image);
  const numbers = places.map((place) => (place < 0 ? 0 : place - first(Math.floor(place / image))));
  context.backend.typedArrayFromHeap(indexes).set(numbers);
  return [y, indexes];
}
