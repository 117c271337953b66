import { averagePool2d } from "../../network/layers/average_pool2d.ts";
import { conv2d } from "../../network/layers/conv2d.ts";
import { dense } from "../../network/layers/dense.ts";
import { dropout } from "../../network/layers/dropout.ts";
import { flatten } from "../../network/layers/flatten.ts";
import { maxPool2d } from "../../network/layers/max_pool2d.ts";
import { relu } from "../../network/activations/relu.ts";
import type { SequentialConfig } from "../../network/sequential_config.ts";

/**
 * Small networks that together run every kernel there is, in each of its shapes: full panels and rests of channels,
 * short and long windows, phases of a stride, borders. No pool and no relu of theirs stands so near its corner that
 * float32 could decide otherwise than float64; a test says so.
 */
export const verifiedNetworks: Readonly<Record<string, SequentialConfig>> = {
  // Pooled convolutions, the second by Winograd's algorithm, and dense layers: the shapes of the seed network.
  pooled: {
    inputShape: [16, 14, 1],
    layers: [
      conv2d({ filters: 22, kernelSize: 3, activation: "relu" }),
      maxPool2d(),
      conv2d({ filters: 32, kernelSize: 3, activation: "relu" }),
      maxPool2d(),
      flatten(),
      dense({ units: 40, activation: "relu" }),
      dense({ units: 10 }),
    ],
    seed: 4,
  },
  // Convolutions with their relu and no pool, with windows in the lanes, direct and by Winograd's algorithm, and every other
  // kind of layer.
  padded: {
    inputShape: [9, 11, 1],
    layers: [
      conv2d({ filters: 3, kernelSize: [3, 4], padding: "same" }),
      conv2d({ filters: 20, kernelSize: 3, padding: "same", activation: "relu" }),
      conv2d({ filters: 24, kernelSize: 3, padding: "same" }),
      relu(),
      maxPool2d({ poolSize: 3, strides: 2, padding: "same" }),
      dropout({ rate: 0.25 }),
      averagePool2d({ poolSize: 2, strides: 1 }),
      conv2d({ filters: 19, kernelSize: 2, useBias: false }),
      flatten(),
      dense({ units: 7 }),
    ],
    seed: 6,
  },
  // A pooled convolution with windows in the lanes.
  lanes: {
    inputShape: [9, 20, 1],
    layers: [
      conv2d({ filters: 3, kernelSize: [4, 5], activation: "relu" }),
      maxPool2d(),
      flatten(),
      dense({ units: 3 }),
    ],
    seed: 1,
  },
  // Strides, long windows, odd channels, pools side by side, and pooled convolutions that Winograd's algorithm does not fit.
  strided: {
    inputShape: [17, 15, 5],
    layers: [
      conv2d({ filters: 33, kernelSize: [2, 3], strides: [2, 1], padding: "same", activation: "relu" }),
      conv2d({ filters: 16, kernelSize: 5, padding: "same", activation: "relu" }),
      maxPool2d(),
      conv2d({ filters: 13, kernelSize: 1 }),
      dropout({ rate: 0.5 }),
      maxPool2d({ poolSize: [1, 2] }),
      conv2d({ filters: 16, kernelSize: 3, strides: 2, padding: "same", activation: "relu" }),
      conv2d({ filters: 8, kernelSize: [2, 3], strides: [2, 1], padding: "same", activation: "relu" }),
      averagePool2d({ poolSize: [1, 2] }),
      flatten(),
      dense({ units: 5 }),
    ],
    seed: 11,
  },
};
