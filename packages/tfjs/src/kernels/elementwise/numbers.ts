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

type Values = Float32Array | Int32Array | Uint8Array;

/** y[i] = f(a[i], b[i]) for all of y; a step of 0 takes the first value again. */
export type PairLoop = (a: Values, aStep: 0 | 1, b: Values, bStep: 0 | 1, y: Values) => void;

/** A loop around a function. Those that are called often are written out, so that the engine compiles them apart. */
export function pairLoop(f: (a: number, b: number) => number): PairLoop {
  return (a, aStep, b, bStep, y) => {
    for (let i = 0; i < y.length; i++) y[i] = f(a[i * aStep], b[i * bStep]);
  };
}

/** Runs a loop over two tensors whose shapes can be broadcast. */
export function eachPair(
  context: KernelContext,
  a: TensorInfo,
  b: TensorInfo,
  loop: PairLoop,
  dtype: DataType = a.dtype,
): TensorInfo {
  const { backend, tf } = context;
  const { sizeFromShape } = tf.util;
  const shape = tf.backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
  const y = context.output(shape, dtype);
  if (sizeFromShape(shape) === 0) return y;
  const whole = (x: TensorInfo): TensorInfo => (sizeFromShape(x.shape) === 1 ? x : expanded(context, x, shape));
  const left = whole(a);
  const right = whole(b);
  const step = (x: TensorInfo): 0 | 1 => (sizeFromShape(x.shape) === 1 ? 0 : 1);
  loop(
    backend.typedArrayFromHeap(left),
    step(left),
    backend.typedArrayFromHeap(right),
    step(right),
    backend.typedArrayFromHeap(y),
  );
  if (left !== a) context.release(left);
  if (right !== b) context.release(right);
  return y;
}
