import type { TfjsKernel } from "../kernel_context.ts";
import { isIdentity, poolGeometry, poolStruct } from "./pool_geometry.ts";

/**
 * Mean of each window's real cells; NaN if one is. Shape: [N, H, W, C] → [N, OH, OW, C], or with a depth before H.
 * A window without a cell gives NaN, in three dimensions 0, as on tfjs's CPU backend.
 * The stock kernel of two dimensions gives -Infinity for NaN.
 */
export const avgPool: TfjsKernel = (context, { x }, attributes) => {
  const geometry = poolGeometry(x, attributes);
  if (isIdentity(x, geometry)) return context.run("Identity", { x });
  const y = context.output(geometry.outShape);
  const { window, buffer } = poolStruct(context, geometry);
  const empty = x.shape.length === 5 ? 0 : Number.NaN;
  context.kernels.averagePool(window, context.address(x), context.address(y), buffer, empty);
  return y;
};

/**
 * Each real cell gets its share of the window's gradient. Shape: dy [N, OH, OW, C] → [N, H, W, C], or with a depth.
 * The stock kernels of all backends divide by the whole window where padding cuts it.
 */
export const avgPoolGrad: TfjsKernel = (context, { dy, input }, attributes) => {
  const geometry = poolGeometry(input, attributes, { dy });
  const dx = context.output(input.shape);
  const { window, buffer } = poolStruct(context, geometry);
  context.kernels.averagePoolGradient(window, context.address(dy), context.address(dx), buffer);
  return dx;
};
