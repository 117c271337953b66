import { fileReader, ownGroups } from "./cgroup_files.ts";

/** What a container may use, where Linux's control groups say so. */
export interface CgroupLimits {
  /** Cores, as a fraction. */
  readonly cores: number | undefined;
  /** Bytes. */
  readonly memory: number | undefined;
}

/**
 * Reads the limits of this process's control group and of those above it: the tightest counts. Version 2, and version 1
 * where a container sees its own group as the root.
 *
 * Source: https://docs.kernel.org/admin-guide/cgroup-v2.html
 *
 * @param root of the file system. Default: "/"
 */
export function cgroupLimits(root = "/"): CgroupLimits {
  const read = fileReader(root);
  const mount = "sys/fs/cgroup";
  const cores: number[] = [];
  const memory: number[] = [];
  for (const group of ownGroups(read)) {
    const [quota, period] = (read(mount, group, "cpu.max") ?? "max").split(" ").map(Number);
    cores.push(quota / period);
    memory.push(Number(read(mount, group, "memory.max") ?? "max"));
  }
  cores.push(Number(read(mount, "cpu/cpu.cfs_quota_us")) / Number(read(mount, "cpu/cpu.cfs_period_us")));
  memory.push(Number(read(mount, "memory/memory.limit_in_bytes")));
  return { cores: tightest(cores), memory: tightest(memory) };
}

/** "max" and missing files are no numbers; version 1 says -1 cores or nearly 2^63 bytes for no limit. */
function tightest(limits: readonly number[]): number | undefined {
  const real = limits.filter((limit) => limit > 0 && limit < 2 ** 60);
  return real.length === 0 ? undefined : Math.min(...real);
}
