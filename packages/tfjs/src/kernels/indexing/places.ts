import type { TensorInfo } from "@tensorflow/tfjs-core";
import { throughIntegers } from "../through_integers.ts";
import type { Attributes, Inputs, KernelContext, KernelFamily, TfjsKernel } from "../kernel_context.ts";

/** Refuses places that lie outside a tensor, as tfjs's CPU backend does; the stock kernels read and write there. */
function checkPlaces(context: KernelContext, indices: TensorInfo, depth: number, shape: readonly number[]): void {
  const { util } = context.tf;
  const sizes = shape.slice(0, depth);
  const count = sizes.reduce((a, b) => a * b, 1);
  const strides = util.computeStrides(sizes);
  if (depth > 0) strides.push(1);
  const numbers = context.backend.typedArrayFromHeap(indices);
  const rows = depth === 0 ? 0 : numbers.length / depth;
  for (let row = 0; row < rows; row++) {
    const at = row * depth;
    let place = 0;
    for (let d = 0; d < depth; d++) place += numbers[at + d] * strides[d];
    util.assert(
      place >= 0 && place < count,
      () => `Invalid indices: ${numbers.subarray(at, at + depth).join(",")} does not index into ${shape.join(",")}`,
    );
  }
}

const depthOf = ({ shape }: TensorInfo): number => (shape.length > 1 ? shape[shape.length - 1] : 1);

const gatherNd: TfjsKernel = (context, inputs, attributes, stock) => {
  const { params, indices } = inputs;
  if (indices.shape.length > 0 && indices.dtype === "int32") {
    checkPlaces(context, indices, indices.shape[indices.shape.length - 1], params.shape);
  }
  return stock(inputs, attributes);
};

/** @param shapeOf The shape that the updates are written into. */
function scatter(indices: string, shapeOf: (inputs: Inputs, attributes: Attributes) => readonly number[]): TfjsKernel {
  return (context, inputs, attributes, stock) => {
    const shape = shapeOf(inputs, attributes);
    if (context.tf.util.sizeFromShape([...shape]) > 0) {
      checkPlaces(context, inputs[indices], depthOf(inputs[indices]), shape);
    }
    return stock(inputs, attributes);
  };
}

/** Values taken from places, or written to places, that are given by their indices. */
export const placeKernels: KernelFamily = {
  GatherNd: gatherNd,
  ScatterNd: throughIntegers(
    [0],
    scatter("indices", (_, { shape }) => shape as number[]),
  ),
  SparseToDense: scatter("sparseIndices", (_, { outputShape }) => outputShape as number[]),
  TensorScatterUpdate: scatter("indices", ({ tensor }) => tensor.shape),
};
