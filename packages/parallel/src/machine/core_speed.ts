import { cpus } from "node:os";
import process from "node:process";
import type { KernelVariant } from "@convoy/core/training";
import { fileReader } from "./cgroup_files.ts";

/**
 * What a core of x64 with fused multiply-add computes in a cycle: two vectors of four or eight numbers, a multiply-add as two
 * operations. Other processors differ too much to be judged.
 */
const flopsPerCycle: Readonly<Record<KernelVariant, number>> = { narrow: 16, wide: 32 };

/**
 * A measured rate as a share of what a core does at its clock.
 *
 * @param gigahertz of the core
 */
export function shareOfClock(gigaflops: number, kernels: KernelVariant, gigahertz: number): number {
  return gigaflops / (flopsPerCycle[kernels] * gigahertz);
}

/** The highest clock that a core is made for, in GHz; nothing where it is not known. */
export function ratedGigahertz(root = "/"): number | undefined {
  if (process.arch !== "x64") return undefined;
  const kilohertz = Number(fileReader(root)("sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq") ?? 0);
  const gigahertz = kilohertz > 0 ? kilohertz / 1e6 : (cpus()[0]?.speed ?? 0) / 1000;
  return gigahertz > 0 ? gigahertz : undefined;
}
