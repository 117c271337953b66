import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "ava";
import { writeTinyDataset } from "./tiny_dataset.ts";
import { failsWithOne, trainerThroughPnpm } from "./trainer_process.ts";

test("exits with 1 through pnpm", async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), "convoy-process-long-"));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const tiny = path.join(folder, "tiny");
  await writeTinyDataset(tiny);
  const argv = ["start", "--data-dir", tiny, "--run-dir", path.join(folder, "failed"), "--kernels", "narrow"];
  await failsWithOne(t, (all) => trainerThroughPnpm(all, { directory: folder }), [...argv, "--learning-rate", "1e30"]);
});
