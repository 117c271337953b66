import { availableParallelism } from "node:os";
import { cgroupLimits } from "./cgroup.ts";

/**
 * How many threads of this process can compute at the same time: the processors that it may run on (its affinity mask), and no
 * more than its control group's quota pays for. A part of a core counts as one: 1.5 cores are two threads, of which each is held
 * back for a quarter of the time.
 */
export function usableCores(quota: number = cgroupLimits().cores ?? Infinity): number {
  return Math.max(1, Math.min(availableParallelism(), Math.ceil(quota)));
}
