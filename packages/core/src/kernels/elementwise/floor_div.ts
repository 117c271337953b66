import { memoryOf } from "../../backend/wasm_backend.ts";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { KernelContext, TfjsKernel } from "../kernel_context.ts";
import { binaryOperation } from "./binary_operation.ts";
import { broadcastAxes, runBroadcast } from "./broadcast.ts";

/**
 * y = ⌊a / b⌋, for integers exact, and 0 for a division by 0, as on tfjs's CPU backend. Shape: any two that can be
 * broadcast. The stock kernel divides integers as float32: 16777217 / 1 is 16777216 there.
 */
export const floorDiv: TfjsKernel = (context, inputs, attributes, stock) => {
  const { a, b } = inputs;
  if (a.dtype !== "int32" || b.dtype !== "int32") return stock(inputs, attributes);
  const { backend_util, util } = context.tf;
  const shape = backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
  const count = util.sizeFromShape(shape);
  const y = context.output(shape, "int32");
  if (count === 0) return y;
  const dividend = expanded(context, a, shape, count);
  const divisor = expanded(context, b, shape, count);
  const { buffer } = memoryOf(context.backend);
  const over = new Int32Array(buffer, context.address(dividend), count);
  const under = new Int32Array(buffer, context.address(divisor), count);
  const to = new Int32Array(buffer, context.address(y), count);
  for (let i = 0; i < count; i++) to[i] = Math.floor(over[i] / under[i]);
  if (dividend !== a) context.release(dividend);
  if (divisor !== b) context.release(divisor);
  return y;
};

/** x with its values repeated, so that it has this shape. */
function expanded(context: KernelContext, x: TensorInfo, shape: number[], count: number): TensorInfo {
  if (context.tf.util.sizeFromShape(x.shape) === count) return x;
  const y = context.output(shape, x.dtype);
  const from = context.address(x);
  const to = context.address(y);
  // b is not used, but its addresses must lie in memory.
  runBroadcast(context, binaryOperation.first, from, to, to, broadcastAxes(x.shape, shape, shape), 4);
  return y;
}
