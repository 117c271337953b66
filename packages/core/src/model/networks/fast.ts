import { conv2d } from "../../network/layers/conv2d.ts";
import { dense } from "../../network/layers/dense.ts";
import { flatten } from "../../network/layers/flatten.ts";
import { maxPool2d } from "../../network/layers/max_pool2d.ts";
import { relu } from "../../network/activations/relu.ts";
import { Sequential } from "../sequential.ts";
import type { NetworkOptions } from "./network_factory.ts";

const pytorch = { kernelInitializer: "pytorch", biasInitializer: "pytorch" } as const;

/**
 * A network that gets to a high accuracy in few epochs.
 *
 *     conv 24 5×5, max pool 2, relu — conv 32 3×3, max pool 2, relu — dense 256 relu — dense 10
 *
 * Relu after the pooling gives the same values as before it, for a quarter of the work.
 *
 * Shape: [28, 28, 1] → [24, 24, 24] → [12, 12, 24] → [10, 10, 32] → [5, 5, 32] → [800] → [256] → [10];
 * 215,194 parameters.
 *
 * @example
 * fast().parameterCount // 215194
 */
export function fast({ inputShape = [28, 28, 1], classes = 10, seed = 1 }: NetworkOptions = {}): Sequential {
  return new Sequential({
    inputShape,
    layers: [
      conv2d({ filters: 24, kernelSize: 5, ...pytorch }),
      maxPool2d(),
      relu(),
      conv2d({ filters: 32, kernelSize: 3, ...pytorch }),
      maxPool2d(),
      relu(),
      flatten(),
      dense({ units: 256, activation: "relu", ...pytorch }),
      dense({ units: classes, ...pytorch }),
    ],
    seed,
  });
}
