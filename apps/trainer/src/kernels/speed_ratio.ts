import { setTimeout as pause } from "node:timers/promises";
import { createImageStore, createReplica, seedCnn, type KernelVariant } from "@convoy/core/training";
import { setWideFlag } from "./wide_flag.ts";

const images = 32;
const roundsBefore = 100;
const rounds = 60;

/**
 * How many times faster a training step of the seed network is with the wide kernels under V8's flag than with the
 * narrow ones without it, here and now. The steps take turns, and the fastest of each counts, so that a busy machine
 * slows both alike or neither.
 */
export async function speedRatio(): Promise<number> {
  // The flag counts at the time of compiling, and would make the narrow kernels faster too.
  setWideFlag(false);
  const narrow = await compiled("narrow");
  setWideFlag(true);
  const wide = await compiled("wide");
  let narrowBest = Infinity;
  let wideBest = Infinity;
  for (let i = 0; i < rounds; i++) {
    narrowBest = Math.min(narrowBest, narrow());
    wideBest = Math.min(wideBest, wide());
  }
  return narrowBest / wideBest;
}

/** A step that V8 has had the time to optimize. */
async function compiled(kernels: KernelVariant): Promise<() => number> {
  const step = await stepper(kernels);
  for (let i = 0; i < roundsBefore; i++) step();
  await pause(50);
  return step;
}

/** @returns does a step, and gives its milliseconds */
async function stepper(kernels: KernelVariant): Promise<() => number> {
  const model = seedCnn();
  const replica = await createReplica({ kind: "planned", model: model.toJSON(), kernels }, images);
  const size = 28 * 28;
  const pixels = Uint8Array.from({ length: images * size }, (_, i) => Math.imul(i, 0x9e3779b1) >>> 24);
  const labels = Uint8Array.from({ length: images }, (_, i) => i % 10);
  const store = createImageStore({ images: pixels, labels, shape: [28, 28, 1] }, 10);
  const order = Int32Array.from({ length: images }, (_, i) => i);
  const part = { store, order, start: 0, shardSizes: [images], minibatchSize: images, seed: 1, step: 0 };
  const weights = model.getWeights();
  const out = new Float32Array(model.parameterCount + 2);
  return () => {
    const start = performance.now();
    replica.load(weights);
    replica.gradient(part, out);
    return performance.now() - start;
  };
}
