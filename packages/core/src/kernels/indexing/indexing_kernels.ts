import type { KernelFamily } from "../kernel_context.ts";
import { bincount } from "./bincount.ts";
import { slice } from "./slice.ts";
import { unsortedSegmentSum } from "./unsorted_segment_sum.ts";

export const indexingKernels: KernelFamily = {
  Bincount: bincount,
  Slice: slice,
  UnsortedSegmentSum: unsortedSegmentSum,
};
