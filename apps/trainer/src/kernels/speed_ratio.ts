import process from "node:process";
import { setTimeout as pause } from "node:timers/promises";
import { createImageStore, createReplica, seedCnn, type KernelVariant } from "@convoy/core/training";
import { setWideFlag } from "./wide_flag.ts";

const images = 32;
const roundsBefore = 100;

/** Long against what a clock of processor time can tell: up to a sixtieth of a second. */
const turnMicroseconds = 40_000;
/** The fastest turn of each counts, and so many in a row must have made neither faster: V8 may still be compiling. */
const settledTurns = 5;
const mostTurns = 60;

/**
 * How many times faster a training step of the seed network is with the wide kernels under V8's flag than with the
 * narrow ones without it. It is processor time that counts, in turns: others may have the machine meanwhile, or it may
 * sleep.
 */
export async function speedRatio(): Promise<number> {
  // The flag counts at the time of compiling, and would make the narrow kernels faster too.
  setWideFlag(false);
  const narrow = await compiled("narrow");
  setWideFlag(true);
  const wide = await compiled("wide");
  let narrowBest = Infinity;
  let wideBest = Infinity;
  for (let turn = 0, settled = 0; turn < mostTurns && settled < settledTurns; turn++) {
    const narrowTime = processorTime(narrow);
    const wideTime = processorTime(wide);
    settled = narrowTime < narrowBest * 0.98 || wideTime < wideBest * 0.98 ? 0 : settled + 1;
    narrowBest = Math.min(narrowBest, narrowTime);
    wideBest = Math.min(wideBest, wideTime);
  }
  return narrowBest / wideBest;
}

/** Microseconds of a step. */
function processorTime(step: () => void): number {
  const before = process.cpuUsage();
  let steps = 0;
  let used = 0;
  while (used < turnMicroseconds) {
    step();
    steps++;
    const { user, system } = process.cpuUsage(before);
    used = user + system;
  }
  return used / steps;
}

/** A step that V8 has had the time to optimize. */
async function compiled(kernels: KernelVariant): Promise<() => void> {
  const step = await stepper(kernels);
  for (let i = 0; i < roundsBefore; i++) step();
  await pause(50);
  return step;
}

async function stepper(kernels: KernelVariant): Promise<() => void> {
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
    replica.load(weights);
    replica.gradient(part, out);
  };
}
