import { complex } from "./complex/parts.ts";
import { convolutionKernels } from "./convolution/convolution_kernels.ts";
import { elementwiseKernels } from "./elementwise/elementwise_kernels.ts";
import { imageKernels } from "./images/image_kernels.ts";
import { indexingKernels } from "./indexing/indexing_kernels.ts";
import type { KernelFamily } from "./kernel_context.ts";
import { morphologyKernels } from "./morphology/morphology_kernels.ts";
import { normalizationKernels } from "./normalization/normalization_kernels.ts";
import { optimizerKernels } from "./optimizers/optimizer_kernels.ts";
import { movementKernels } from "./movement/movement_kernels.ts";
import { poolingKernels } from "./pooling/pooling_kernels.ts";
import { productKernels } from "./products/product_kernels.ts";
import { reductionKernels } from "./reductions/reduction_kernels.ts";
import { resizingKernels } from "./resizing/resizing_kernels.ts";
import { scanKernels } from "./scans/scan_kernels.ts";
import { typeKernels } from "./types/type_kernels.ts";

/** The kernels for real tensors that tfjs's backend 'wasm' lacks, has wrong, or has too slow for training. */
export const kernels: KernelFamily = {
  ...convolutionKernels,
  ...elementwiseKernels,
  ...imageKernels,
  ...indexingKernels,
  ...morphologyKernels,
  ...normalizationKernels,
  ...optimizerKernels,
  ...movementKernels,
  ...poolingKernels,
  ...productKernels,
  ...reductionKernels,
  ...resizingKernels,
  ...scanKernels,
  ...typeKernels,
  Complex: complex,
};
