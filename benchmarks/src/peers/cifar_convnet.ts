import { conv2d, dense, flatten, maxPool2d, type NetworkOptions, Sequential } from "@convoy/core";

const conv = (filters: number) => conv2d({ filters, kernelSize: 3, padding: "same", activation: "relu" });

/**
 * Five convolutions for CIFAR-10.
 *
 *     conv 32, conv 32, max pool 2 — conv 64, conv 64, max pool 2 — conv 128, max pool 2 — dense 128 relu — dense 10
 *
 * All convolutions are 3×3 same relu.
 *
 * Shape: [32, 32, 3] → [16, 16, 32] → [8, 8, 64] → [4, 4, 128] → [2048] → [10]; 402,986 parameters.
 */
export function cifarConvnet({ inputShape = [32, 32, 3], classes = 10, seed = 1 }: NetworkOptions = {}): Sequential {
  return new Sequential({
    inputShape,
    layers: [
      conv(32),
      conv(32),
      maxPool2d(),
      conv(64),
      conv(64),
      maxPool2d(),
      conv(128),
      maxPool2d(),
      flatten(),
      dense({ units: 128, activation: "relu" }),
      dense({ units: classes }),
    ],
    seed,
  });
}
