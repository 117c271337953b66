import type { KernelFamily } from "../kernel_context.ts";
import { resizeBilinearGrad, resizeNearestNeighborGrad } from "./resize_gradient.ts";
import { ofSomePixels, resizeNearestNeighbor } from "./resize_nearest.ts";

export const resizingKernels: KernelFamily = {
  ResizeBilinearGrad: resizeBilinearGrad,
  ResizeBilinear: ofSomePixels((_, inputs, attributes, stock) => stock(inputs, attributes)),
  ResizeNearestNeighbor: ofSomePixels(resizeNearestNeighbor),
  ResizeNearestNeighborGrad: resizeNearestNeighborGrad,
};
