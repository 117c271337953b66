import { statfs } from "node:fs/promises";
import { availableParallelism, cpus, freemem, totalmem } from "node:os";
import process from "node:process";
import { engineFeatures, type KernelVariant, type Sequential } from "@convoy/core/training";
import { fit } from "@convoy/parallel";
import { cgroupLimits } from "./cgroup.ts";

/** What a machine offers to training. Sizes in bytes. */
export interface Findings {
  readonly node: string;
  readonly platform: string;
  readonly processor: string;
  readonly cores: number;
  /** Cores that the container may use, as a fraction. */
  readonly quota: number | undefined;
  /** Threads that can compute at once. */
  readonly usable: number;
  readonly simd: boolean;
  readonly relaxedSimd: boolean;
  readonly kernels: KernelVariant;
  readonly memory: number;
  readonly memoryLimit: number | undefined;
  readonly memoryFree: number;
  /** Free where runs are kept. */
  readonly disk: number | undefined;
  readonly workers: number;
  readonly imagesPerSecond: number;
}

/** Enough that the second epoch runs at full speed for some tenths of a second. */
const images = 64 * 150;

/** @param directory where runs are kept */
export async function examine(
  directory: string,
  model: Sequential,
  kernels: KernelVariant,
  signal: AbortSignal,
): Promise<Findings> {
  const { cores: quota, memory: memoryLimit } = cgroupLimits();
  const parallelism = availableParallelism();
  const { simd, relaxedSimd } = engineFeatures();
  const usable = Math.max(1, Math.min(parallelism, Math.floor(quota ?? Infinity)));
  const disk = await statfs(directory).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => undefined,
  );
  const { workers, history } = await fit(model, randomImages(), { epochs: 2, workers: usable, kernels, signal });
  signal.throwIfAborted();
  return {
    node: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? "unknown",
    cores: cpus().length,
    quota,
    usable,
    simd,
    relaxedSimd,
    kernels,
    memory: totalmem(),
    memoryLimit,
    memoryFree: freemem(),
    disk,
    workers,
    imagesPerSecond: history[history.length - 1].imagesPerSecond,
  };
}

function randomImages() {
  const bytes = Uint8Array.from({ length: images * 784 }, (_, i) => (i * 2_654_435_761) >>> 24);
  return { images: bytes, labels: Uint8Array.from({ length: images }, (_, i) => i % 10), shape: [28, 28, 1] as const };
}
