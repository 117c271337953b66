import { conv2d } from "../../network/layers/conv2d.ts";
import { dense } from "../../network/layers/dense.ts";
import { flatten } from "../../network/layers/flatten.ts";
import { maxPool2d } from "../../network/layers/max_pool2d.ts";
import { Sequential } from "../sequential.ts";
import type { NetworkOptions } from "./network_factory.ts";

const pytorch = { kernelInitializer: "pytorch", biasInitializer: "pytorch" } as const;

/**
 * The network of the PyTorch program that this project started from, with PyTorch's first weights.
 *
 *     conv 16 3×3 relu, max pool 2 — conv 32 3×3 relu, max pool 2 — dense 120 relu — dense 10
 *
 * Shape: [28, 28, 1] → [26, 26, 16] → [13, 13, 16] → [11, 11, 32] → [5, 5, 32] → [800] → [120] → [10];
 * 102,130 parameters.
 *
 * @example
 * seedCnn({ seed: 1 }).parameterCount // 102130
 */
export function seedCnn({ inputShape = [28, 28, 1], classes = 10, seed = 1 }: NetworkOptions = {}): Sequential {
  return new Sequential({
    inputShape,
    layers: [
      conv2d({ filters: 16, kernelSize: 3, activation: "relu", ...pytorch }),
      maxPool2d(),
      conv2d({ filters: 32, kernelSize: 3, activation: "relu", ...pytorch }),
      maxPool2d(),
      flatten(),
      dense({ units: 120, activation: "relu", ...pytorch }),
      dense({ units: classes, ...pytorch }),
    ],
    seed,
  });
}
