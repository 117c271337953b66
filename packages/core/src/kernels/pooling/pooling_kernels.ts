import type { KernelFamily } from "../kernel_context.ts";
import { avgPool, avgPoolGrad, maxPool, maxPoolGrad } from "./pool2d.ts";

export const poolingKernels: KernelFamily = {
  AvgPool: avgPool,
  AvgPoolGrad: avgPoolGrad,
  MaxPool: maxPool,
  MaxPoolGrad: maxPoolGrad,
};
