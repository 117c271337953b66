import type { KernelFamily } from "../kernel_context.ts";
import { bincount } from "./bincount.ts";
import { gatherV2 } from "./gather.ts";
import { oneHot } from "./one_hot.ts";
import { slice } from "./slice.ts";
import { tile } from "./tile.ts";
import { unsortedSegmentSum } from "./unsorted_segment_sum.ts";

export const indexingKernels: KernelFamily = {
  Bincount: bincount,
  GatherV2: gatherV2,
  OneHot: oneHot,
  Slice: slice,
  Tile: tile,
  UnsortedSegmentSum: unsortedSegmentSum,
};
