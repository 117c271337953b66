import { fileReader, ownGroups } from "./cgroup_files.ts";

/** How often a control group's processes had used up their quota, since it was made. */
export interface Throttling {
  readonly periods: number;
  readonly throttled: number;
}

/**
 * The counters of this process's control group and of those above it that have a quota.
 *
 * Source: https://docs.kernel.org/admin-guide/cgroup-v2.html, cpu.stat
 *
 * @param root of the file system. Default: "/"
 */
export function throttling(root = "/"): Throttling[] {
  const read = fileReader(root);
  const files = [
    ...ownGroups(read).map((group) => read("sys/fs/cgroup", group, "cpu.stat")),
    read("sys/fs/cgroup/cpu/cpu.stat"),
  ];
  return files.map((text = "") => ({ periods: counter(text, "nr_periods"), throttled: counter(text, "nr_throttled") }));
}

/** @returns the largest share of time slices in which processes had to wait for the next one; nothing without a quota */
export function throttledShare(before: readonly Throttling[], after: readonly Throttling[]): number | undefined {
  const shares = after.flatMap(({ periods, throttled }, i) => {
    const passed = periods - (before[i]?.periods ?? 0);
    return passed > 0 ? [(throttled - (before[i]?.throttled ?? 0)) / passed] : [];
  });
  return shares.length === 0 ? undefined : Math.max(...shares);
}

function counter(text: string, name: string): number {
  return Number(new RegExp(`^${name} (\\d+)$`, "m").exec(text)?.[1] ?? 0);
}
