import { createImageStore } from "../data/create_image_store.ts";
import type { Sequential } from "../model/sequential.ts";
import { mix } from "../random/mix.ts";
import type { MinibatchPart } from "../step/replica.ts";
import type { StepNumbers } from "./differences.ts";
import { type NetworkKink, referenceGradient, referenceLogits } from "./reference/network.ts";

/** Two uneven shards and an empty one, as the end of an epoch brings them. */
const shardSizes = [5, 0, 4];
const images = 9;
const seed = 11;
const step = 3;

/** One training step of a network, and what it has to come to. */
export interface VerificationCase {
  readonly weights: Float32Array;
  readonly part: MinibatchPart;
  readonly images: number;
  /** The gradient is of the training step, the logits are a prediction's, without dropout. */
  readonly expected: StepNumbers;
  /** Decisions that float32 could take otherwise: there must be none. */
  readonly kinks: readonly NetworkKink[];
}

export function verificationCase(model: Sequential): VerificationCase {
  const { inputShape, classes } = model;
  const config = model.toJSON();
  const weights = model.getWeights();
  const size = inputShape.reduce((product, length) => product * length, 1);
  const bytes = Uint8Array.from({ length: images * size }, (_, i) => mix(i + 1) & 255);
  const labels = Int32Array.from({ length: images }, (_, i) => mix(i) % classes);
  const pixels = Float64Array.from(bytes, (byte) => (byte / 255 - 0.5) / 0.5);
  const order = Int32Array.from({ length: images }, (_, i) => (i * 4 + 1) % images);
  const reference = referenceGradient(config, weights, {
    images: Float64Array.from(pixels, (_, i) => pixels[order[Math.floor(i / size)] * size + (i % size)]),
    labels: Array.from(order, (sample) => labels[sample]),
    sampleIndices: order,
    minibatchSize: images,
    seed,
    step,
  });
  const store = createImageStore({ images: bytes, labels, shape: inputShape }, classes);
  return {
    weights,
    part: { store, order, start: 0, shardSizes, minibatchSize: images, seed, step },
    images,
    expected: { ...reference, logits: referenceLogits(config, weights, pixels) },
    kinks: reference.kinks,
  };
}
