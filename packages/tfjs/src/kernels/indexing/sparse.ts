import type { KernelFamily, TfjsKernel } from "../kernel_context.ts";
import { throughIntegers } from "../through_integers.ts";

/** The stock kernels do not ask whether there are as many ids as indices, and read beyond them; without data they divide by zero. */
const segments: TfjsKernel = (context, inputs, attributes, stock) => {
  const { indices, segmentIds } = inputs;
  context.tf.util.assert(
    indices.shape[0] === segmentIds.shape[0],
    () => `segmentIds and indices should have same size; got ${segmentIds.shape[0]} and ${indices.shape[0]}`,
  );
  const { data } = inputs;
  const { backend_util, util } = context.tf;
  if (util.sizeFromShape(data.shape) > 0 || indices.shape[0] === 0) return stock(inputs, attributes);
  const [rows, ...rest] = data.shape;
  const { backend } = context;
  const outOfRange = backend.typedArrayFromHeap(indices).findIndex((row) => row < 0 || row >= rows);
  util.assert(outOfRange < 0, () =>
    backend_util.getSparseSegmentReductionIndicesOutOfRangeErrorMessage(
      outOfRange,
      backend.typedArrayFromHeap(indices)[outOfRange],
      rows,
    ),
  );
  const last = backend.typedArrayFromHeap(segmentIds)[indices.shape[0] - 1];
  return context.output([last + 1, ...rest], data.dtype);
};

/** The stock kernels leave memory as it was where they get truth values. */
export const sparseKernels: KernelFamily = {
  SparseFillEmptyRows: throughIntegers([1]),
  SparseSegmentMean: throughIntegers([0], segments),
  SparseSegmentSum: throughIntegers([0], segments),
};
