import type { Tensor } from "@tensorflow/tfjs-core";
import { tfjsGradients } from "../../../generated/tfjs_gradients.js";
import { perChannel } from "../../kernels/normalization/batch_norm.ts";
import type { Gradient } from "../gradients.ts";
import { onlyOnce } from "./only_once.ts";

/** All five gradients at once, where tfjs passes over the images about twenty times. */
export const fusedBatchNormGradient: Gradient = (tf) => {
  const stock = tfjsGradients()["fusedBatchNormGradConfig"];
  return {
    ...stock,
    gradFunc(dy, saved, attributes) {
      const [x, mean, variance, scale] = saved as [Tensor, Tensor, Tensor, Tensor | undefined];
      if (Array.isArray(dy) || !perChannel(x, mean, variance, scale) || !onlyOnce(tf)) {
        return stock.gradFunc(dy, saved, attributes);
      }
      // Not within one of the functions below, at whose end tfjs would dispose of what the others give.
      const [dx, dMean, dVariance, dScale, dOffset] = tf
        .engine()
        .runKernel<Tensor[]>("FusedBatchNormGrad", { dy, x, mean, variance, ...(scale && { scale }) }, attributes);
      return { x: () => dx, mean: () => dMean, variance: () => dVariance, scale: () => dScale, offset: () => dOffset };
    },
  };
};
