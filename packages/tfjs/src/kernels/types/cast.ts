import type { TensorInfo } from "@tensorflow/tfjs-core";
import { castToComplex } from "../complex/conversion.ts";
import type { KernelContext, TfjsKernel } from "../kernel_context.ts";

/**
 * y = x in another type: towards int32 rounded to zero; to bool true unless zero, so that NaN is true; to complex64
 * with imaginary part 0. Shape: any.
 *
 * The stock kernel makes true of no more than the lowest byte: 256 becomes false, 3 becomes 3 (tfjs issue 2590).
 */
export const cast: TfjsKernel = (context, inputs, attributes, stock) => {
  const { x } = inputs;
  const { dtype } = attributes;
  if (dtype === x.dtype) return context.run("Identity", inputs);
  if (dtype === "complex64") return castToComplex(context, x);
  if (dtype !== "bool") return stock(inputs, attributes);
  if (x.dtype === "float32") return isNotZero(context, x);
  const y = context.output(x.shape, "bool");
  const { backend } = context;
  const from = backend.typedArrayFromHeap(x);
  const to = backend.typedArrayFromHeap(y);
  for (let i = 0; i < from.length; i++) to[i] = from[i] === 0 ? 0 : 1;
  return y;
};

function isNotZero(context: KernelContext, x: TensorInfo): TensorInfo {
  const zero = context.output([]);
  context.kernels.fillZero(context.address(zero), 4);
  const y = context.run("NotEqual", { a: x, b: zero });
  context.release(zero);
  return y;
}
