import { conv2d } from "../../network/layers/conv2d.ts";
import { dense } from "../../network/layers/dense.ts";
import { dropout } from "../../network/layers/dropout.ts";
import { flatten } from "../../network/layers/flatten.ts";
import { maxPool2d } from "../../network/layers/max_pool2d.ts";
import { Sequential } from "../sequential.ts";
import type { NetworkOptions } from "./network_factory.ts";

/**
 * Keras' first example of a convolutional network.
 *
 *     conv 32 3×3 relu, max pool 2 — conv 64 3×3 relu, max pool 2 — dropout 0.5 — dense 10
 *
 * Shape: [28, 28, 1] → [26, 26, 32] → [13, 13, 32] → [11, 11, 64] → [5, 5, 64] → [1600] → [10]; 34,826 parameters.
 *
 * Source: https://keras.io/examples/vision/mnist_convnet/
 *
 * @example
 * mnistConvnet().parameterCount // 34826
 */
export function mnistConvnet({ inputShape = [28, 28, 1], classes = 10, seed = 1 }: NetworkOptions = {}): Sequential {
  return new Sequential({
    inputShape,
    layers: [
      conv2d({ filters: 32, kernelSize: 3, activation: "relu" }),
      maxPool2d(),
      conv2d({ filters: 64, kernelSize: 3, activation: "relu" }),
      maxPool2d(),
      flatten(),
      dropout({ rate: 0.5 }),
      dense({ units: classes }),
    ],
    seed,
  });
}
