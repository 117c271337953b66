import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { TfjsKernel } from "../kernel_context.ts";

/** y = the sum of some tensors. Shape: any, the same for all. The stock kernel makes true of two that are. */
export const addN: TfjsKernel = (context, inputs, attributes, stock) => {
  const terms = inputs as unknown as TensorInfo[];
  if (terms[0].dtype !== "bool" || terms.length === 1) return stock(inputs, attributes);
  let y = terms[0];
  for (const term of terms.slice(1)) {
    const sum = context.run("Add", { a: y, b: term });
    if (y !== terms[0]) context.release(y);
    y = sum;
  }
  return y;
};
