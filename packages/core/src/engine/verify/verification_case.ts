import { createImageStore } from "../../network/data/create_image_store.ts";
import { initialize } from "../../network/initializers/initialize.ts";
import { buildNetwork } from "../../network/build_network.ts";
import type { SequentialConfig } from "../../network/sequential_config.ts";
import { mix } from "../../network/random/random_uint32.ts";
import type { MinibatchPart } from "../step/replica.ts";
import type { ExpectedNumbers } from "./differences.ts";
import type { NetworkKink } from "./reference/network.ts";
import { referenceStep } from "./reference_step.ts";

/** Two uneven shards and an empty one, as the end of an epoch brings them. */
const shardSizes = [5, 0, 4];
const images = 9;
const seed = 11;
const step = 3;

/** One training step of a network, and what it has to come to. */
export interface VerificationCase {
  /** The network's first ones. */
  readonly weights: Float32Array;
  readonly part: MinibatchPart;
  readonly images: number;
  /** The gradient is of the training step, the logits are a prediction's, without dropout. */
  readonly expected: ExpectedNumbers;
  /** Decisions that float32 could take otherwise. */
  readonly kinks: readonly NetworkKink[];
}

/**
 * The reference is slow and works out each different image once, so that large networks are verified with few, which
 * come several times: the kernels have as much to do as ever.
 *
 * @param different how many of the nine images differ, 1 to 9. Default 9
 * @param gradient whether the reference works out the training step too, and not the prediction alone. Default true
 */
export function verificationCase(
  config: SequentialConfig,
  different: number = images,
  gradient = true,
): VerificationCase {
  const { inputShape, classes, parameters } = buildNetwork(config);
  const weights = initialize(parameters, config.seed);
  const size = inputShape.reduce((product, length) => product * length, 1);
  const bytes = Uint8Array.from({ length: images * size }, (_, i) => mix((i % (different * size)) + 1) & 255);
  const labels = Int32Array.from({ length: images }, (_, i) => mix(i % different) % classes);
  const order = Int32Array.from({ length: images }, (_, i) => ((i * 4 + 1) % images) % different);
  const { kinks, ...expected } = referenceStep(config, weights, {
    pixels: Float64Array.from(bytes, (byte) => (byte / 255 - 0.5) / 0.5),
    labels,
    order,
    different,
    seed,
    step,
    gradient,
  });
  const store = createImageStore({ images: bytes, labels, shape: inputShape }, classes);
  return {
    weights,
    part: { store, order, start: 0, shardSizes, minibatchSize: images, seed, step },
    images,
    expected,
    kinks,
  };
}
