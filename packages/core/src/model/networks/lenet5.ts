import { averagePool2d } from "../../network/layers/average_pool2d.ts";
import { conv2d } from "../../network/layers/conv2d.ts";
import { dense } from "../../network/layers/dense.ts";
import { flatten } from "../../network/layers/flatten.ts";
import { Sequential } from "../sequential.ts";
import type { NetworkOptions } from "./network_factory.ts";

/**
 * LeNet-5 as it is taught today: relu for tanh, softmax for the radial basis outputs, every filter sees every channel.
 *
 *     conv 6 5×5 same relu, average pool 2 — conv 16 5×5 relu, average pool 2 — dense 120 relu — dense 84 relu — dense 10
 *
 * Shape: [28, 28, 1] → [28, 28, 6] → [14, 14, 6] → [10, 10, 16] → [5, 5, 16] → [400] → [120] → [84] → [10];
 * 61,706 parameters.
 *
 * Source: LeCun, Bottou, Bengio and Haffner, Gradient-based learning applied to document recognition (1998)
 *
 * @example
 * lenet5().parameterCount // 61706
 */
export function lenet5({ inputShape = [28, 28, 1], classes = 10, seed = 1 }: NetworkOptions = {}): Sequential {
  return new Sequential({
    inputShape,
    layers: [
      conv2d({ filters: 6, kernelSize: 5, padding: "same", activation: "relu" }),
      averagePool2d(),
      conv2d({ filters: 16, kernelSize: 5, activation: "relu" }),
      averagePool2d(),
      flatten(),
      dense({ units: 120, activation: "relu" }),
      dense({ units: 84, activation: "relu" }),
      dense({ units: classes }),
    ],
    seed,
  });
}
