import { addAxis, type BroadcastAxis, runBroadcast } from "../elementwise/broadcast.ts";
import { binaryOperation } from "../elementwise/binary_operation.ts";
import type { TfjsKernel } from "../kernel_context.ts";

/**
 * x, repeated along its axes. Shape: [d..] and reps [r..] → [d · r ..].
 * The stock kernel works out the place of each value anew: 32 ms for [1, 1, 1, 16] over 64 × 26 × 26.
 */
export const tile: TfjsKernel = (context, inputs, attributes, stock) => {
  const { x } = inputs;
  const reps = attributes["reps"] as number[];
  if (x.dtype !== "float32" && x.dtype !== "int32") return stock(inputs, attributes);
  const shape = x.shape.map((size, d) => size * reps[d]);
  const y = context.output(shape, x.dtype);
  if (context.tf.util.sizeFromShape(shape) === 0) return y;
  // An axis that is repeated is two: one that x has, and around it one along which x does not move.
  const axes: BroadcastAxis[] = [];
  let xStride = 1;
  let yStride = 1;
  for (let d = shape.length - 1; d >= 0; d--) {
    const size = x.shape[d];
    if (size > 1) addAxis(axes, size, xStride, yStride);
    if (reps[d] > 1) addAxis(axes, reps[d], 0, yStride * size);
    xStride *= size;
    yStride *= size * reps[d];
  }
  const to = context.address(y);
  runBroadcast(context, binaryOperation.first, context.address(x), to, to, axes, 4);
  return y;
};
