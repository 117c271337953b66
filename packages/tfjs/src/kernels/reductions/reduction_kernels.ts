import type { DataType, TensorInfo } from "@tensorflow/tfjs-core";
import type { KernelFamily, TfjsKernel } from "../kernel_context.ts";

const stockKernel: TfjsKernel = (_, inputs, attributes, stock) => stock(inputs, attributes);

/**
 * A reduction that gives one value wherever there is nothing to reduce. The stock kernels leave memory as it was there, or
 * turn the axes of a tensor without elements first, for which they divide by zero.
 *
 * @param ofNone That value, which is stored as the CPU backend stores it
 * @param kernel For other tensors, the stock one by default
 */
export function reduction(
  ofNone: number,
  kernel: TfjsKernel = stockKernel,
  typeOf: (x: TensorInfo) => DataType = sameType,
): TfjsKernel {
  return (context, inputs, attributes, stock) => {
    const { x } = inputs;
    const { parseAxisParam, sizeFromShape } = context.tf.util;
    if (sizeFromShape(x.shape) > 0) return kernel(context, inputs, attributes, stock);
    // Max alone calls them otherwise.
    const axes = parseAxisParam((attributes["axis"] ?? attributes["reductionIndices"]) as number[], x.shape);
    const kept = x.shape.map((size, d) => (axes.includes(d) ? 1 : size));
    const shape = attributes["keepDims"] === true ? kept : kept.filter((_, d) => !axes.includes(d));
    const y = context.output(shape, typeOf(x));
    context.backend.typedArrayFromHeap(y).fill(ofNone);
    return y;
  };
}

const sameType = ({ dtype }: TensorInfo): DataType => dtype;
/** Sums and products of truth values are whole numbers, places are. */
export const numberType = ({ dtype }: TensorInfo): DataType => (dtype === "bool" ? "int32" : dtype);
const place = (): DataType => "int32";

export const reductionKernels: KernelFamily = {
  All: reduction(0),
  Any: reduction(0),
  ArgMax: reduction(0, stockKernel, place),
  ArgMin: reduction(0, stockKernel, place),
  Max: reduction(Number.NaN),
  Min: reduction(Number.NaN),
  Prod: reduction(1, stockKernel, numberType),
};
