import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "ava";
import { cgroupLimits } from "./cgroup.ts";

const folder = await mkdtemp(path.join(tmpdir(), "convoy-cgroup-"));
test.after.always(() => rm(folder, { recursive: true, force: true }));
let roots = 0;

async function limits(files: Readonly<Record<string, string>>) {
  const root = path.join(folder, `root-${roots++}`);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true });
    await writeFile(path.join(root, name), `${text}\n`);
  }
  return cgroupLimits(root);
}

test("knows no limits where there are none", async (t) => {
  const none = { cores: undefined, memory: undefined };
  t.deepEqual(await limits({}), none);
  const max = { "sys/fs/cgroup/cpu.max": "max 100000", "sys/fs/cgroup/memory.max": "max" };
  t.deepEqual(await limits(max), none);
  const one = {
    "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1",
    "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000",
    "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712",
  };
  t.deepEqual(await limits(one), none);
});

test("reads both versions", async (t) => {
  const two = { "sys/fs/cgroup/cpu.max": "150000 100000", "sys/fs/cgroup/memory.max": "536870912" };
  t.deepEqual(await limits(two), { cores: 1.5, memory: 536_870_912 });
  const one = {
    "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "200000",
    "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000",
    "sys/fs/cgroup/memory/memory.limit_in_bytes": "1073741824",
  };
  t.deepEqual(await limits(one), { cores: 2, memory: 2 ** 30 });
});

test("takes the tightest of the group and of those above it", async (t) => {
  const files = {
    "proc/self/cgroup": "0::/a/b",
    "sys/fs/cgroup/a/b/cpu.max": "300000 100000",
    "sys/fs/cgroup/a/cpu.max": "50000 100000",
    "sys/fs/cgroup/a/b/memory.max": "1000000",
    "sys/fs/cgroup/a/memory.max": "max",
    "sys/fs/cgroup/c/cpu.max": "1 100000",
  };
  t.deepEqual(await limits(files), { cores: 0.5, memory: 1_000_000 });
});
