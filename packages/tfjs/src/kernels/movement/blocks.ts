import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { KernelContext, TfjsKernel } from "../kernel_context.ts";

// The stock kernels of both call the stock Slice and PadV2 by themselves, which read and write beside their tensors where
// a crop is larger than the image, or a padding below zero.

/** Moves blocks of space into the batch, after padding. Shape: [N, S.., C] → [N · ∏ block, (S + padding) / block.., C]. */
export const spaceToBatch: TfjsKernel = (context, { x }, attributes) => {
  const { blockShape, paddings } = attributes as { blockShape: number[]; paddings: [number, number][] };
  const blocks = context.tf.util.sizeFromShape(blockShape);
  const widths = x.shape.map((_, d) => paddings[d - 1] ?? [0, 0]);
  const padded = context.run("PadV2", { x }, { paddings: widths, constantValue: 0 });
  const { getReshaped, getPermuted, getReshapedPermuted } = context.tf.backend_util;
  const split = getReshaped(padded.shape, blockShape, blocks, false);
  const order = getPermuted(split.length, blockShape.length, false);
  const y = turned(context, padded, split, order, getReshapedPermuted(padded.shape, blockShape, blocks, false));
  context.release(padded);
  return y;
};

/** Moves blocks of the batch back into space, and crops. Shape: [N · ∏ block, S.., C] → [N, S · block - crops.., C]. */
export const batchToSpace: TfjsKernel = (context, { x }, attributes) => {
  const { blockShape, crops } = attributes as { blockShape: number[]; crops: number[][] };
  const blocks = context.tf.util.sizeFromShape(blockShape);
  const { getReshaped, getPermuted, getReshapedPermuted, getSliceBeginCoords, getSliceSize } = context.tf.backend_util;
  const split = getReshaped(x.shape, blockShape, blocks);
  const whole = getReshapedPermuted(x.shape, blockShape, blocks);
  const image = turned(context, x, split, getPermuted(split.length, blockShape.length), whole);
  const begin = getSliceBeginCoords(crops, blockShape.length);
  const y = context.run("Slice", { x: image }, { begin, size: getSliceSize(whole, crops, blockShape.length) });
  context.release(image);
  return y;
};

function turned(
  context: KernelContext,
  { dataId, dtype }: TensorInfo,
  split: number[],
  perm: number[],
  shape: number[],
): TensorInfo {
  return { ...context.run("Transpose", { x: { dataId, dtype, shape: split } }, { perm }), shape };
}
