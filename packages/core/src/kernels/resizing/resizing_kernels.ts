import type { KernelFamily } from "../kernel_context.ts";
import { resizeBilinearGrad, resizeNearestNeighborGrad } from "./resize_gradient.ts";

export const resizingKernels: KernelFamily = {
  ResizeBilinearGrad: resizeBilinearGrad,
  ResizeNearestNeighborGrad: resizeNearestNeighborGrad,
};
