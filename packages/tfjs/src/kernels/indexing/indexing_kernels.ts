import type { KernelFamily, TfjsKernel } from "../kernel_context.ts";
import { throughIntegers } from "../through_integers.ts";
import { countingKernels } from "./counting.ts";
import { gatherV2 } from "./gather.ts";
import { oneHot } from "./one_hot.ts";
import { placeKernels } from "./places.ts";
import { slice } from "./slice.ts";
import { sparseKernels } from "./sparse.ts";
import { tile } from "./tile.ts";
import { unsortedSegmentSum } from "./unsorted_segment_sum.ts";

/** The stock kernel divides by zero where there are no elements. */
const topK: TfjsKernel = (context, inputs, attributes, stock) => {
  const { x } = inputs;
  if (context.tf.util.sizeFromShape(x.shape) > 0) return stock(inputs, attributes);
  const shape = [...x.shape.slice(0, -1), attributes["k"] as number];
  return [context.output(shape, x.dtype), context.output(shape, "int32")];
};

export const indexingKernels: KernelFamily = {
  ...countingKernels,
  ...placeKernels,
  ...sparseKernels,
  GatherV2: gatherV2,
  OneHot: oneHot,
  // The stock kernels leave memory as it was where they get truth values.
  SearchSorted: throughIntegers(),
  Slice: slice,
  Tile: tile,
  TopK: throughIntegers([0], topK),
  UnsortedSegmentSum: unsortedSegmentSum,
};
