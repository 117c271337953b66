import type { TensorInfo } from "@tensorflow/tfjs-core";
import { eachNumber } from "./elementwise/numbers.ts";
import type { Inputs, KernelContext, TfjsKernel } from "./kernel_context.ts";

const stockKernel: TfjsKernel = (_, inputs, attributes, stock) => stock(inputs, attributes);

/**
 * For kernels that leave memory as it was, or refuse, where they get truth values: 0 and 1 are the same numbers in int32.
 *
 * @param bools Which results are truth values again: those numbers modulo 256, as typed arrays store them and tfjs's CPU
 *   backend does; none if the operation gives int32
 * @param kernel The stock one by default
 */
export function throughIntegers(bools: readonly number[] = [], kernel: TfjsKernel = stockKernel): TfjsKernel {
  return (context, inputs, attributes, stock) => {
    const given = Object.entries(inputs);
    if (!given.some(([, x]) => x.dtype === "bool")) return kernel(context, inputs, attributes, stock);
    const numbers: Inputs = Object.fromEntries(given.map(([name, x]) => [name, asNumbers(context, x)]));
    const results = kernel(context, numbers, attributes, stock);
    for (const [name, x] of given) if (numbers[name] !== x) context.release(numbers[name]);
    if (!Array.isArray(results)) return bools.includes(0) ? asBools(context, results) : results;
    return results.map((result, i) => (bools.includes(i) ? asBools(context, result) : result));
  };
}

function asNumbers(context: KernelContext, x: TensorInfo): TensorInfo {
  return x.dtype === "bool" ? context.run("Cast", { x }, { dtype: "int32" }) : x;
}

function asBools(context: KernelContext, x: TensorInfo): TensorInfo {
  const y = eachNumber(context, x, (value) => value, "bool");
  context.release(x);
  return y;
}
