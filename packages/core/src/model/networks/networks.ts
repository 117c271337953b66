import { fast } from "./fast.ts";
import { lenet5 } from "./lenet5.ts";
import { mnistConvnet } from "./mnist_convnet.ts";
import type { NetworkFactory } from "./network_factory.ts";
import { seedCnn } from "./seed_cnn.ts";

/**
 * The ready-made networks by name. It has no prototype, so that any text can be looked up.
 *
 * @example
 * Object.keys(networks) // ["seed-cnn", "lenet5", "mnist-convnet", "fast"]
 */
export const networks: Readonly<Record<string, NetworkFactory>> = Object.freeze(
  Object.assign<Record<string, NetworkFactory>, Record<string, NetworkFactory>>(Object.create(null), {
    "seed-cnn": seedCnn,
    lenet5,
    "mnist-convnet": mnistConvnet,
    fast,
  }),
);
