import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Inputs, KernelContext } from "../kernel_context.ts";

// A complex64 tensor is one block of pairs (real, imaginary). The backend has it down as float32 of shape [...shape, 2],
// so that it disposes, counts, clones, reshapes and reads it as any other, and so that what does not look inside a number
// is the same operation on the pairs.

/** Most programs never make a complex number: they need not look for one before each kernel. */
let made = false;

/** A new complex64 tensor, not cleared. */
export function complexOutput(context: KernelContext, shape: readonly number[]): TensorInfo {
  return fromPairs(context.output([...shape, 2]));
}

/** The same numbers as float32, of shape [...shape, 2]. */
export function asPairs({ dataId, shape }: TensorInfo): TensorInfo {
  return { dataId, shape: [...shape, 2], dtype: "float32" };
}

export function fromPairs({ dataId, shape }: TensorInfo): TensorInfo {
  made = true;
  return { dataId, shape: shape.slice(0, -1), dtype: "complex64" };
}

export function hasComplex(inputs: Inputs): boolean {
  if (!made) return false;
  for (const name in inputs) {
    // Optional inputs may be undefined.
    if ((inputs[name] as TensorInfo | undefined)?.dtype === "complex64") return true;
  }
  return false;
}
