import { setTimeout as pause } from "node:timers/promises";
import { createImageStore } from "../data/create_image_store.ts";
import type { KernelVariant } from "../emit/linker.ts";
import type { Sequential } from "../model/sequential.ts";
import { mix } from "../random/mix.ts";
import { createReplica } from "../step/create_replica.ts";
import { differences, type StepNumbers } from "./differences.ts";
import { referenceGradient, referenceLogits } from "./reference/network.ts";
import { verifiedNetworks } from "./verified_networks.ts";
import { verifyTensorFlow } from "./verify_tensorflow.ts";

/** Two uneven shards and an empty one, as the end of an epoch brings them. */
const shardSizes = [5, 0, 4];
const images = 9;
const seed = 11;
const step = 3;

/**
 * Runs the whole training step of a few small networks until V8 has compiled every kernel with its optimizing
 * compiler, and compares each gradient, loss and prediction with a reference in plain JavaScript and float64. Also runs
 * the tfjs binary, because V8's flags are the process's and change its code as well.
 *
 * It takes about a second. Nothing is compiled before it is called, so a process that sets a V8 flag first learns
 * whether this engine compiles the kernels rightly under it. A compiler that fails may end the process: ask in a child.
 *
 * @param variant which kernels
 * @param rounds training steps of each network. Default: 400
 * @returns the disagreements, a line each; none is good
 */
export async function verifyKernels(variant: KernelVariant, rounds = 400): Promise<string[]> {
  const found: string[] = [];
  for (const [name, build] of Object.entries(verifiedNetworks)) {
    found.push(...(await verifyNetwork(name, build(), variant, rounds)));
  }
  return [...found, ...(await verifyTensorFlow(rounds))];
}

async function verifyNetwork(
  name: string,
  model: Sequential,
  variant: KernelVariant,
  rounds: number,
): Promise<string[]> {
  const { data, pixels } = verificationData(model);
  const config = model.toJSON();
  const weights = model.getWeights();
  const order = Int32Array.from({ length: images }, (_, i) => (i * 4 + 1) % images);
  const sorted = Float64Array.from({ length: pixels.length }, (_, i) => {
    const size = pixels.length / images;
    return pixels[order[Math.floor(i / size)] * size + (i % size)];
  });
  const labels = Array.from(order, (sample) => data.labels[sample]);
  const batch = { images: sorted, labels, sampleIndices: order, minibatchSize: images, seed, step };
  const reference = referenceGradient(config, weights, batch);
  const expected: StepNumbers = { ...reference, logits: referenceLogits(config, weights, pixels) };

  const store = createImageStore(data, model.classes);
  const part = { store, order, start: 0, shardSizes, minibatchSize: images, seed, step };
  const replica = await createReplica({ kind: "planned", model: config, kernels: variant }, images);
  const count = model.parameterCount;
  const out = new Float32Array(count + 2);
  const logits = new Float32Array(images * model.classes);
  const got: StepNumbers = {
    gradient: out.subarray(0, count),
    get loss() {
      return out[count];
    },
    get correct() {
      return out[count + 1];
    },
    logits,
  };
  try {
    for (let round = 1; round <= rounds; round++) {
      replica.load(weights);
      replica.gradient(part, out.fill(NaN));
      replica.predict(store, 0, images, logits.fill(NaN));
      const found = differences(got, expected, model.parameters);
      if (found.length > 0) return found.map((what) => `${name}, ${variant}, step ${round}: ${what}`);
      // The optimizing compiler works in other threads, which one processor alone would not let run.
      if (round % 50 === 0) await pause(5);
    }
  } finally {
    replica.dispose();
  }
  return [];
}

function verificationData({ inputShape, classes }: Sequential): {
  data: { images: Uint8Array; labels: Int32Array; shape: Sequential["inputShape"] };
  pixels: Float64Array;
} {
  const size = inputShape.reduce((product, length) => product * length, 1);
  const bytes = Uint8Array.from({ length: images * size }, (_, i) => mix(i + 1) & 255);
  const labels = Int32Array.from({ length: images }, (_, i) => mix(i) % classes);
  return {
    data: { images: bytes, labels, shape: inputShape },
    pixels: Float64Array.from(bytes, (byte) => (byte / 255 - 0.5) / 0.5),
  };
}
