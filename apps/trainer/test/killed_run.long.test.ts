import { watch } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "ava";
import { killAndCompare, shortRun } from "./killed_run.ts";
import { writeTinyDataset } from "./tiny_dataset.ts";

const root = await mkdtemp(path.join(tmpdir(), "convoy-killed-long-"));
test.after.always(() => rm(root, { recursive: true, force: true }));

async function directory(name: string): Promise<string> {
  await writeTinyDataset(path.join(root, name, "tiny"), shortRun.dataset);
  return path.join(root, name);
}

test.serial("a run that is killed at fifty random moments ends with the same bits", async (t) => {
  await killAndCompare(t, await directory("moments"), 50, (child) => {
    setTimeout(() => child.kill("SIGKILL"), Math.random() * 500);
  });
});

test.serial("a run that is killed fifty times while it writes a checkpoint ends with the same bits", async (t) => {
  let inside = 0;
  await killAndCompare(t, await directory("inside"), 50, (child, run) => {
    // Not always the first one, else the run would never come further.
    let writes = Math.floor(Math.random() * 6);
    const seen = new Set<string>();
    const watcher = watch(path.join(run, "checkpoints"), (_, name) => {
      if (name === null || !name.endsWith(".tmp") || seen.has(name)) return;
      seen.add(name);
      if (writes-- > 0) return;
      // The file is there, and is not whole yet, or not renamed: some microseconds later or some milliseconds.
      setTimeout(() => child.kill("SIGKILL"), Math.random() * 2);
      inside++;
      watcher.close();
    });
    child.on("exit", () => watcher.close());
  });
  t.true(inside >= 50);
});
