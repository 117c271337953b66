import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import test from "ava";
import { ratedGigahertz, shareOfClock } from "./core_speed.ts";
import { throttledShare, throttling } from "./throttling.ts";

const folder = await mkdtemp(path.join(tmpdir(), "convoy-throttling-"));
test.after.always(() => rm(folder, { recursive: true, force: true }));

async function root(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  for (const [file, text] of Object.entries(files)) {
    const place = path.join(folder, name, file);
    await mkdir(path.dirname(place), { recursive: true });
    await writeFile(place, `${text}\n`);
  }
  return path.join(folder, name);
}

const stat = (periods: number, throttled: number): string =>
  `usage_usec 1\nnr_periods ${periods}\nnr_throttled ${throttled}\nthrottled_usec 9`;

test("sees how much of the time a quota of the group, or of one above it, held the process back", async (t) => {
  const own = { "proc/self/cgroup": "0::/a/b", "sys/fs/cgroup/a/b/cpu.stat": stat(0, 0) };
  const before = throttling(await root("before", { ...own, "sys/fs/cgroup/a/cpu.stat": stat(100, 90) }));
  const after = throttling(await root("after", { ...own, "sys/fs/cgroup/a/cpu.stat": stat(120, 95) }));
  t.is(throttledShare(before, after), 0.25);
});

test("reads version 1 as well, and knows nothing where there is no quota", async (t) => {
  const one = await root("one", { "sys/fs/cgroup/cpu/cpu.stat": stat(10, 10) });
  t.is(throttledShare([], throttling(one)), 1);
  const none = throttling(await root("none", { "proc/self/cgroup": "0::/" }));
  t.is(throttledShare(none, none), undefined);
});

test("a core's rate is judged by the highest clock that it is made for", async (t) => {
  const fast = await root("fast", { "sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq": "4000000" });
  if (process.arch === "x64") t.is(ratedGigahertz(fast), 4);
  t.is(shareOfClock(64, "wide", 4), 0.5);
  t.is(shareOfClock(64, "narrow", 4), 1);
});
