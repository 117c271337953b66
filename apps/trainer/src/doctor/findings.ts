import { statfs } from "node:fs/promises";
import { availableParallelism, cpus, freemem, totalmem } from "node:os";
import process from "node:process";
import type { KernelVariant, Sequential } from "@convoy/core/training";
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
    simd: WebAssembly.validate(vectorModule(zeroVector)),
    relaxedSimd: WebAssembly.validate(vectorModule(relaxedMultiplyAdd)),
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

/** i32.const 0, i32x4.splat: a zero vector. */
const zeroVector = [0x41, 0x00, 0xfd, 0x11];
/** Three zero vectors, f32x4.relaxed_madd */
const relaxedMultiplyAdd = [...zeroVector, ...zeroVector, ...zeroVector, 0xfd, 0x85, 0x02];

/** A module with one function, () → (), of these instructions, whose result is dropped. */
function vectorModule(code: readonly number[]): Uint8Array<ArrayBuffer> {
  const body = [0x00, ...code, 0x1a, 0x0b];
  const header = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
  const sections = [0x01, 0x04, 0x01, 0x60, 0x00, 0x00, 0x03, 0x02, 0x01, 0x00];
  return Uint8Array.of(...header, ...sections, 0x0a, body.length + 2, 0x01, body.length, ...body);
}
