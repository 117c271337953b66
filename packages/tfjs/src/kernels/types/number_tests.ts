import { memoryOf } from "@convoy/core/engine";
import type { TfjsKernel } from "../kernel_context.ts";

function numberTest(ofInteger: 0 | 1): TfjsKernel {
  return (context, inputs, attributes, stock) => {
    const { x } = inputs;
    if (x.dtype !== "int32" && x.dtype !== "bool") return stock(inputs, attributes);
    const y = context.output(x.shape, "bool");
    const count = context.tf.util.sizeFromShape(x.shape);
    new Uint8Array(memoryOf(context.backend).buffer, context.address(y), count).fill(ofInteger);
    return y;
  };
}

/** Of integers, which are all finite. Shape: any. The stock kernels read their bits as floats: -2 is NaN there. */
export const isNan: TfjsKernel = numberTest(0);
export const isInf: TfjsKernel = numberTest(0);
export const isFinite: TfjsKernel = numberTest(1);
