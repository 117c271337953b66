import type { KernelFamily, TfjsKernel } from "../kernel_context.ts";

/** Integers of these types are computed as float32, and given back as what they were. */
function throughFloats(kernelName: string, ...types: readonly string[]): TfjsKernel {
  return (context, inputs, attributes, stock) => {
    const { x } = inputs;
    if (!types.includes(x.dtype)) return stock(inputs, attributes);
    const floats = context.run("Cast", { x }, { dtype: "float32" });
    const y = context.run(kernelName, { x: floats }, attributes);
    const result = context.run("Cast", { x: y }, { dtype: x.dtype });
    context.release(floats);
    context.release(y);
    return result;
  };
}

/** y = f(x). Shape: any. The stock kernels leave memory as it was for these types. */
export const throughFloatKernels: KernelFamily = {
  Acos: throughFloats("Acos", "bool"),
  Acosh: throughFloats("Acosh", "bool", "int32"),
  Asin: throughFloats("Asin", "bool"),
  Asinh: throughFloats("Asinh", "bool", "int32"),
  Atan: throughFloats("Atan", "bool"),
  Atanh: throughFloats("Atanh", "bool"),
  Neg: throughFloats("Neg", "bool"),
  Round: throughFloats("Round", "bool"),
  Sinh: throughFloats("Sinh", "bool"),
  Square: throughFloats("Square", "bool"),
};
