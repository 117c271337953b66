import type { KernelFamily } from "../kernel_context.ts";
import { throughFloats } from "../through_floats.ts";
import { avgPool, avgPoolGrad } from "./average_pool.ts";
import { maxPool, maxPoolGrad, maxPoolWithArgmax } from "./max_pool.ts";

export const poolingKernels: KernelFamily = {
  AvgPool: avgPool,
  AvgPool3D: avgPool,
  AvgPool3DGrad: avgPoolGrad,
  AvgPoolGrad: avgPoolGrad,
  MaxPool: maxPool,
  MaxPool3D: throughFloats(undefined, maxPool),
  MaxPool3DGrad: maxPoolGrad,
  MaxPoolGrad: maxPoolGrad,
  MaxPoolWithArgmax: maxPoolWithArgmax,
};
