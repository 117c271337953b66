import { Worker } from "node:worker_threads";
import { createImageStore, type KernelVariant, type Sequential } from "@convoy/core/training";
import type { ImageSet } from "@convoy/datasets";
import type { ApartJob } from "./job.ts";

export interface ApartOptions {
  readonly threads: number;
  /** Images in one gradient of one thread. */
  readonly images: number;
  readonly kernels: KernelVariant;
  /** How long each thread computes, after a warm-up of half of that. */
  readonly milliseconds: number;
}

/**
 * Threads that compute gradients, each by itself: no barrier, no sum, no optimizer, nothing that one has to wait for. What
 * they reach is what the machine gives to so many threads, and so what training on them could reach at most.
 *
 * @returns images a second, of all threads together
 */
export async function apart(model: Sequential, train: ImageSet, options: ApartOptions): Promise<number> {
  const { threads, images, kernels, milliseconds } = options;
  const rates = new Float64Array(new SharedArrayBuffer(threads * Float64Array.BYTES_PER_ELEMENT));
  const job: Omit<ApartJob, "thread"> = {
    spec: { kind: "planned", model: model.toJSON(), kernels },
    weights: model.getWeights(),
    store: createImageStore(train, model.classes),
    images,
    milliseconds,
    threads,
    gate: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)),
    rates,
  };
  await Promise.all(Array.from({ length: threads }, async (_, thread) => compute({ ...job, thread })));
  return rates.reduce((sum, rate) => sum + rate, 0);
}

async function compute(job: ApartJob): Promise<void> {
  const worker = new Worker(new URL("apart_thread.ts", import.meta.url), { workerData: job });
  await new Promise<void>((resolve, reject) => {
    worker.once("error", reject);
    worker.once("exit", () => resolve());
  });
}
