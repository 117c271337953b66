import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { KernelContext, KernelFamily, TfjsKernel } from "../kernel_context.ts";
import { type BinaryOperation, binaryOperation } from "./binary_operation.ts";
import { eachPair, type PairLoop, pairLoop } from "./numbers.ts";
import { broadcastAxes, runBroadcast, runLine } from "./broadcast.ts";

/** a ∘ b for float32 tensors of shapes that can be broadcast. */
export function binary(
  context: KernelContext,
  operation: BinaryOperation,
  a: TensorInfo,
  b: TensorInfo,
  dtype: "float32" | "bool" = "float32",
): TensorInfo {
  const { tf, address } = context;
  const shape = tf.backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
  const y = context.output(shape, dtype);
  const { sizeFromShape } = tf.util;
  const count = sizeFromShape(shape);
  if (count === 0) return y;
  const aStep = sizeFromShape(a.shape) === 1 && count > 1 ? 0 : 1;
  const bStep = sizeFromShape(b.shape) === 1 && count > 1 ? 0 : 1;
  const aWhole = aStep === 0 || sizeFromShape(a.shape) === count;
  const bWhole = bStep === 0 || sizeFromShape(b.shape) === count;
  if (aWhole && bWhole) {
    runLine(context, operation, address(a), address(b), address(y), count, aStep, bStep);
  } else {
    const axes = broadcastAxes(a.shape, b.shape, shape);
    runBroadcast(context, operation, address(a), address(b), address(y), axes, dtype === "bool" ? 1 : 4);
  }
  return y;
}

/**
 * Integers stay with tfjs's own kernel.
 *
 * @param ofBools for truth values, where the stock kernel leaves memory as it was, or cuts off what is more than 1
 */
function floats(operation: BinaryOperation, dtype: "float32" | "bool" = "float32", ofBools?: PairLoop): TfjsKernel {
  return (context, inputs, attributes, stock) => {
    const { a, b } = inputs;
    if (a.dtype === "bool" && ofBools) return eachPair(context, a, b, ofBools);
    if (a.dtype !== "float32" || b.dtype !== "float32") return stock(inputs, attributes);
    return binary(context, operation, a, b, dtype);
  };
}

/**
 * y = a ∘ b. Shape: any two that can be broadcast.
 *
 * The stock Maximum and Minimum give a where b is NaN, so that a diverged run would look sound. The comparisons, Maximum
 * and Minimum take one value at a time there, and the others are slow where shapes differ.
 */
export const binaryKernels: KernelFamily = {
  Add: floats(
    binaryOperation.add,
    "float32",
    pairLoop((a, b) => a + b),
  ),
  Sub: floats(
    binaryOperation.subtract,
    "float32",
    pairLoop((a, b) => a - b),
  ),
  Multiply: floats(binaryOperation.multiply),
  RealDiv: floats(
    binaryOperation.divide,
    "float32",
    pairLoop((a, b) => a / b),
  ),
  SquaredDifference: floats(binaryOperation.squaredDifference),
  Maximum: floats(binaryOperation.maximum),
  Minimum: floats(binaryOperation.minimum),
  Greater: floats(binaryOperation.greater, "bool"),
  GreaterEqual: floats(binaryOperation.greaterEqual, "bool"),
  Less: floats(binaryOperation.less, "bool"),
  LessEqual: floats(binaryOperation.lessEqual, "bool"),
  Equal: floats(binaryOperation.equal, "bool"),
  NotEqual: floats(binaryOperation.notEqual, "bool"),
};
