import type { SequentialConfig } from "../../network/sequential_config.ts";

/**
 * What a network's kernels depend on, as a network that can be verified: the same layers with seed 1 and weights of this
 * module's choosing, biases among them. Networks with the same structure run the same kernels; batch size, shards and
 * workers are arguments of these, and no part of them.
 *
 * @example
 * networkStructure(seedCnn({ seed: 7 }).toJSON()) // deep-equals that of seed 8
 */
export function networkStructure({ inputShape, layers }: SequentialConfig): SequentialConfig {
  return {
    inputShape,
    layers: layers.map((layer) =>
      "kernelInitializer" in layer ? { ...layer, kernelInitializer: "heUniform", biasInitializer: "pytorch" } : layer,
    ),
    seed: 1,
  };
}
