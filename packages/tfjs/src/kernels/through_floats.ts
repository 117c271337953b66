import type { TensorInfo } from "@tensorflow/tfjs-core";
import { eachNumber } from "./elementwise/numbers.ts";
import type { Inputs, TfjsKernel } from "./kernel_context.ts";

const stockKernel: TfjsKernel = (_, inputs, attributes, stock) => stock(inputs, attributes);

/**
 * For kernels that compute with float32 alone, where tfjs's CPU backend takes whole numbers and truth values too: 0 and 1
 * become floats before. Without it they would be refused, or their bits read as floats.
 *
 * @param typed The input whose type the result has; float32 if none is named
 * @param kernel The stock one by default
 */
export function throughFloats(typed?: string, kernel: TfjsKernel = stockKernel): TfjsKernel {
  return (context, inputs, attributes, stock) => {
    // Optional inputs may be null or undefined.
    const given = Object.entries(inputs as Record<string, TensorInfo | null | undefined>).filter(present);
    if (given.every(([, x]) => x.dtype === "float32")) return kernel(context, inputs, attributes, stock);
    const floats: Inputs = Object.fromEntries(
      given.map(([name, x]) => [name, x.dtype === "float32" ? x : context.run("Cast", { x }, { dtype: "float32" })]),
    );
    const result = kernel(context, floats, attributes, stock);
    for (const [name, x] of given) if (floats[name] !== x) context.release(floats[name]);
    if (typed === undefined || inputs[typed].dtype === "float32" || Array.isArray(result)) return result;
    const y = eachNumber(context, result, (value) => value, inputs[typed].dtype);
    context.release(result);
    return y;
  };
}

function present(entry: [string, TensorInfo | null | undefined]): entry is [string, TensorInfo] {
  return entry[1] !== null && entry[1] !== undefined;
}
