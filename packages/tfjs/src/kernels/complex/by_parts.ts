import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Attributes, Inputs, KernelContext, TfjsKernel } from "../kernel_context.ts";
import { join, part } from "./parts.ts";

/**
 * An operation that moves or adds up numbers without looking inside: done with the real parts, then with the imaginary
 * ones. Inputs that are real, such as indices, are the same for both.
 *
 * @param ofImaginary what differs between the attributes for the two
 */
export function byParts(kernelName: string, ofImaginary: Attributes = {}): TfjsKernel {
  return (context, inputs, attributes) => {
    const real = onParts(context, kernelName, inputs, attributes, 0);
    const imag = onParts(context, kernelName, inputs, { ...attributes, ...ofImaginary }, 1);
    if (!Array.isArray(real)) return joined(context, real, imag as TensorInfo);
    return real.map((output, i) => joined(context, output, (imag as TensorInfo[])[i]));
  };
}

function joined(context: KernelContext, real: TensorInfo, imag: TensorInfo): TensorInfo {
  const y = join(context, real, imag);
  context.release(real);
  context.release(imag);
  return y;
}

function onParts(
  context: KernelContext,
  kernelName: string,
  inputs: Inputs,
  attributes: Attributes,
  index: 0 | 1,
): TensorInfo | TensorInfo[] {
  const parts: TensorInfo[] = [];
  const take = (x: TensorInfo): TensorInfo => {
    if (x.dtype !== "complex64") return x;
    const taken = part(context, x, index);
    parts.push(taken);
    return taken;
  };
  // Operations on a list of tensors get an array.
  const taken = Array.isArray(inputs)
    ? inputs.map((x: TensorInfo) => take(x))
    : Object.fromEntries(Object.entries(inputs).map(([name, x]) => [name, take(x)]));
  const output: TensorInfo | TensorInfo[] = context.run(kernelName, taken as Inputs, attributes);
  for (const x of parts) context.release(x);
  return output;
}
