import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { KernelContext, TfjsKernel } from "../kernel_context.ts";
import { complexOutput } from "./pairs.ts";

/** y = real + i · imag. Shape: any, the same for all. tfjs's backend lacks it. */
export const complex: TfjsKernel = (context, { real, imag }) => join(context, real, imag);

export function join(context: KernelContext, real: TensorInfo, imag: TensorInfo): TensorInfo {
  const y = complexOutput(context, real.shape);
  const { address, kernels, tf } = context;
  kernels.joinParts(address(real), address(imag), address(y), tf.util.sizeFromShape(real.shape));
  return y;
}

/** y = Re x. Shape: any. tfjs's backend lacks it. */
export const realPart: TfjsKernel = (context, { input }) => part(context, input, 0);

/** y = Im x. Shape: any. tfjs's backend lacks it. */
export const imaginaryPart: TfjsKernel = (context, { input }) => part(context, input, 1);

/** The floats of a complex tensor that come first (0) or second (1) in their pairs. */
export function part(context: KernelContext, x: TensorInfo, index: 0 | 1): TensorInfo {
  const y = context.output(x.shape);
  const { address, kernels, tf } = context;
  kernels.takePart(address(x) + index * 4, address(y), tf.util.sizeFromShape(x.shape));
  return y;
}

/** y = |x| as float32. Shape: any. tfjs's backend lacks it. */
export const complexAbs: TfjsKernel = (context, { x }) => {
  const y = context.output(x.shape);
  const { address, kernels, tf } = context;
  kernels.complexMagnitude(address(x), address(y), tf.util.sizeFromShape(x.shape));
  return y;
};
