import { statfs } from "node:fs/promises";
import { cpus, freemem, loadavg, totalmem } from "node:os";
import process from "node:process";
import { describePlan, engineFeatures, productRate, type KernelVariant, type Sequential } from "@convoy/core/training";
import { fit } from "@convoy/parallel";
import {
  cgroupLimits,
  ratedGigahertz,
  shareOfClock,
  throttledShare,
  throttling,
  usableCores,
} from "@convoy/parallel/machine";

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
  /** Threads that wanted to run, in the mean of the minute before; nothing where the system does not count them. */
  readonly load: number | undefined;
  /** Share of the container's time slices, while this was measured, that ended early because its quota was used up. */
  readonly throttled: number | undefined;
  /** GFLOP/s of a bare matrix product on one core. */
  readonly productGigaflops: number;
  /** The latter, as a share of what such a core does at its clock; nothing where nobody knows. */
  readonly ofClock: number | undefined;
  /** Arithmetic of the training, as a share of bare products on as many cores. */
  readonly ofProduct: number;
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
  const { simd, relaxedSimd } = engineFeatures();
  const usable = usableCores();
  const disk = await statfs(directory).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => undefined,
  );
  const [load] = loadavg();
  const before = throttling();
  const productGigaflops = productRate(kernels);
  const { workers, history } = await fit(model, randomImages(), { epochs: 2, workers: usable, kernels, signal });
  signal.throwIfAborted();
  const { imagesPerSecond } = history[history.length - 1];
  const gigahertz = ratedGigahertz();
  const executed = describePlan(model.toJSON(), kernels).reduce((sum, row) => sum + row.executedFlops, 0);
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
    imagesPerSecond,
    // Windows counts none.
    load: process.platform === "win32" ? undefined : load,
    throttled: throttledShare(before, throttling()),
    productGigaflops,
    ofClock: gigahertz === undefined ? undefined : shareOfClock(productGigaflops, kernels, gigahertz),
    ofProduct: (imagesPerSecond * executed) / (workers * productGigaflops * 1e9),
  };
}

function randomImages() {
  const bytes = Uint8Array.from({ length: images * 784 }, (_, i) => (i * 2_654_435_761) >>> 24);
  return { images: bytes, labels: Uint8Array.from({ length: images }, (_, i) => i % 10), shape: [28, 28, 1] as const };
}
