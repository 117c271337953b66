import { existsSync } from "node:fs";
import { mkdir, rmdir, writeFile } from "node:fs/promises";
import path from "node:path";
import process from "node:process";

const root = "/sys/fs/cgroup";
const period = 100_000;

/**
 * Makes a control group that may use so many cores, for one piece of work.
 *
 * @param work gets the command that starts another one in the group
 * @returns nothing where this system does not let us make one: it takes Linux, and the right to
 */
export async function withQuota<Result>(
  cores: number,
  work: (confined: readonly string[]) => Promise<Result>,
): Promise<Result | undefined> {
  const isFirst = existsSync(path.join(root, "cpu", "cpu.cfs_quota_us"));
  const group = path.join(root, isFirst ? "cpu" : "", `convoy-bench-${process.pid}`);
  try {
    await mkdir(group);
    if (isFirst) await writeFile(path.join(group, "cpu.cfs_quota_us"), String(cores * period));
    else await writeFile(path.join(group, "cpu.max"), `${cores * period} ${period}`);
  } catch {
    await rmdir(group).catch(() => {});
    return undefined;
  }
  try {
    return await work(["sh", "-c", `echo $$ > ${path.join(group, "cgroup.procs")} && exec "$@"`, "sh"]);
  } finally {
    await rmdir(group);
  }
}
