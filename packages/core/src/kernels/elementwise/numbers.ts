import type { DataType, TensorInfo } from "@tensorflow/tfjs-core";
import type { KernelContext } from "../kernel_context.ts";
import { expanded } from "../movement/move.ts";

// Whole numbers and truth values as on tfjs's CPU backend: computed in float64, and stored as JavaScript's typed arrays
// store numbers. Towards int32 they are cut off, modulo 2³²; NaN and infinities give 0, a division by zero as well.

/** y[i] = f(x[i]) */
export function eachNumber(
  { backend, output }: KernelContext,
  x: TensorInfo,
  f: (x: number) => number,
  dtype: DataType = x.dtype,
): TensorInfo {
  const y = output(x.shape, dtype);
  const from = backend.typedArrayFromHeap(x);
  const to = backend.typedArrayFromHeap(y);
  for (let i = 0; i < from.length; i++) to[i] = f(from[i]);
  return y;
}

/** y[i] = f(a[i], b[i]), for shapes that can be broadcast. */
export function eachPair(
  context: KernelContext,
  a: TensorInfo,
  b: TensorInfo,
  f: (a: number, b: number) => number,
  dtype: DataType = a.dtype,
): TensorInfo {
  const { backend, tf } = context;
  const shape = tf.backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
  const y = context.output(shape, dtype);
  if (tf.util.sizeFromShape(shape) === 0) return y;
  const left = expanded(context, a, shape);
  const right = expanded(context, b, shape);
  const from = backend.typedArrayFromHeap(left);
  const other = backend.typedArrayFromHeap(right);
  const to = backend.typedArrayFromHeap(y);
  for (let i = 0; i < to.length; i++) to[i] = f(from[i], other[i]);
  if (left !== a) context.release(left);
  if (right !== b) context.release(right);
  return y;
}
