import type { backend_util, TensorInfo } from "@tensorflow/tfjs-core";
import { CoreError } from "../../errors.ts";
import type { KernelContext, TfjsKernel } from "../kernel_context.ts";

type Pad = Parameters<typeof backend_util.computePool2DInfo>[4];

function poolInfo(
  { tf }: KernelContext,
  { shape, dtype }: TensorInfo,
  attributes: Record<string, unknown>,
): backend_util.Conv2DInfo {
  // As the stock kernels ask: integers would be read as floats.
  if (dtype !== "float32") {
    throw new CoreError("TAPE_TYPE", `pools take float32 images on backend 'wasm'; got ${dtype}. Cast them first.`);
  }
  const { filterSize, strides, pad, dimRoundingMode } = attributes as {
    filterSize: [number, number];
    strides: [number, number];
    pad: Pad;
    dimRoundingMode?: "floor" | "round" | "ceil";
  };
  return tf.backend_util.computePool2DInfo(
    shape as [number, number, number, number],
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
}

/**
 * Largest real cell of each window; NaN wins. Shape: [N, H, W, C] → [N, OH, OW, C].
 * The stock kernel gives -Infinity for NaN, so that a diverged run would look sound.
 */
export const maxPool: TfjsKernel = (context, { x }, attributes) => {
  const info = poolInfo(context, x, attributes);
  const y = context.output(info.outShape);
  context.kernels.maxPool2d(context.window(info), context.address(x), context.address(y));
  return y;
};

/**
 * Each window's gradient goes to its first largest cell. Shape: dy [N, OH, OW, C] → [N, H, W, C].
 * The stock kernel loses or misplaces the gradient of every window whose maximum is not positive, because its running
 * maximum starts at 1.2e-38.
 */
export const maxPoolGrad: TfjsKernel = (context, { dy, input }, attributes) => {
  const info = poolInfo(context, input, attributes);
  const dx = cleared(context, input.shape);
  const { kernels, address } = context;
  kernels.maxPool2dGradient(context.window(info), address(input), address(dy), address(dx));
  return dx;
};

/**
 * Mean of each window's real cells; NaN if one is. Shape: [N, H, W, C] → [N, OH, OW, C].
 * The stock kernel gives -Infinity for NaN.
 */
export const avgPool: TfjsKernel = (context, { x }, attributes) => {
  const info = poolInfo(context, x, attributes);
  const y = context.output(info.outShape);
  context.kernels.averagePool2d(context.window(info), context.address(x), context.address(y));
  return y;
};

/**
 * Each real cell gets its share of the window's gradient. Shape: dy [N, OH, OW, C] → [N, H, W, C].
 * The stock kernels of all backends divide by the whole window where padding cuts it.
 */
export const avgPoolGrad: TfjsKernel = (context, { dy, input }, attributes) => {
  const info = poolInfo(context, input, attributes);
  const dx = cleared(context, input.shape);
  context.kernels.averagePool2dGradient(context.window(info), context.address(dy), context.address(dx));
  return dx;
};

function cleared(context: KernelContext, shape: readonly number[]): TensorInfo {
  const out = context.output(shape);
  context.kernels.fillZero(
    context.address(out),
    shape.reduce((product, size) => product * size, 4),
  );
  return out;
}
