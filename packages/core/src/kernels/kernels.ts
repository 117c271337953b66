import { convolutionKernels } from "./convolution/convolution_kernels.ts";
import { elementwiseKernels } from "./elementwise/elementwise_kernels.ts";
import type { KernelFamily } from "./kernel_context.ts";
import { poolingKernels } from "./pooling/pooling_kernels.ts";
import { productKernels } from "./products/product_kernels.ts";

/** The kernels that tfjs's backend 'wasm' lacks, has wrong, or has too slow for training. */
export const kernels: KernelFamily = {
  ...convolutionKernels,
  ...elementwiseKernels,
  ...poolingKernels,
  ...productKernels,
};
