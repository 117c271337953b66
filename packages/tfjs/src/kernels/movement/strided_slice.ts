import type { TfjsKernel } from "../kernel_context.ts";
import { move, stridesOf } from "./move.ts";

interface StridedSliceAttributes {
  readonly begin: number[];
  readonly end: number[];
  readonly strides: number[];
  readonly beginMask: number;
  readonly endMask: number;
  readonly ellipsisMask: number;
  readonly newAxisMask: number;
  readonly shrinkAxisMask: number;
}

/**
 * Every stride-th value of each axis from begin to before end, as `x[begin:end:stride]` in Python. Shape and type: any.
 *
 * The stock kernel makes float32 of every type, moves four bytes an element, and takes the begin and stride of one axis
 * for another where an axis is dropped.
 */
export const stridedSlice: TfjsKernel = (context, { x }, attributes) => {
  const a = attributes as unknown as StridedSliceAttributes;
  const { finalShape, isIdentity, begin, end, strides } = context.tf.slice_util.sliceInfo(
    x.shape,
    a.begin,
    a.end,
    a.strides,
    a.beginMask,
    a.endMask,
    a.ellipsisMask,
    a.newAxisMask,
    a.shrinkAxisMask,
  );
  if (isIdentity) return context.run("Reshape", { x }, { shape: finalShape });
  const y = context.output(finalShape, x.dtype);
  const from = stridesOf(x.shape);
  // With each axis of x; those that y drops have size 1.
  const sizes = x.shape.map((_, d) => Math.max(0, Math.ceil((end[d] - begin[d]) / strides[d])));
  const to = stridesOf(sizes);
  const first = begin.reduce((sum, index, d) => sum + index * from[d], 0);
  const axes = sizes.map((size, d) => ({ size, from: strides[d] * from[d], to: to[d] }));
  move(context, x, first, y, 0, axes);
  return y;
};
