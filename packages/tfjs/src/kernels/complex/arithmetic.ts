import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { KernelContext, TfjsKernel } from "../kernel_context.ts";
import { asPairs, complexOutput, fromPairs } from "./pairs.ts";

/**
 * An operation that does the same to both parts, with real numbers taken as complex ones: a + b, a - b.
 * Shape: a, b broadcast to one shape.
 */
export function onPairs(kernelName: "Add" | "Sub"): TfjsKernel {
  return (context, inputs) => {
    const [a, b] = [inputs["a"], inputs["b"]].map((x) => toComplex(context, x));
    const y = context.run(kernelName, { a: asPairs(a), b: asPairs(b) });
    context.release(a);
    context.release(b);
    return fromPairs(y);
  };
}

/** y = a · b, each part computed in 64 bits and rounded once. Shape: a, b broadcast to one shape. */
export const complexMultiply: TfjsKernel = (context, inputs) => {
  const shape = context.tf.broadcast_util.assertAndGetBroadcastShape(inputs["a"].shape, inputs["b"].shape);
  const [a, b] = [inputs["a"], inputs["b"]].map((x) => {
    const number = toComplex(context, x);
    const wide = broadcast(context, number, shape);
    context.release(number);
    return wide;
  });
  const y = complexOutput(context, shape);
  const { address, kernels, tf } = context;
  kernels.complexProduct(address(a), address(b), address(y), tf.util.sizeFromShape(shape));
  context.release(a);
  context.release(b);
  return y;
};

function toComplex(context: KernelContext, x: TensorInfo): TensorInfo {
  return context.run("Cast", { x }, { dtype: "complex64" });
}

function broadcast(context: KernelContext, x: TensorInfo, shape: readonly number[]): TensorInfo {
  const aligned = [...Array<number>(shape.length - x.shape.length).fill(1), ...x.shape, 2];
  const reps = aligned.map((size, axis) => (axis < shape.length && size === 1 ? shape[axis] : 1));
  const pairs: TensorInfo = { dataId: x.dataId, shape: aligned, dtype: "float32" };
  const still = reps.every((count) => count === 1);
  return fromPairs(still ? context.run("Identity", { x: pairs }) : context.run("Tile", { x: pairs }, { reps }));
}
