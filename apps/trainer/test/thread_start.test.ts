import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import test from "ava";
import { writeTinyDataset } from "./tiny_dataset.ts";

const main = fileURLToPath(new URL("../main.mjs", import.meta.url));
const agent = `data:text/javascript,import { isMainThread } from "node:worker_threads"; if (!isMainThread) throw new Error("no agent here");`;

test("a thread that cannot start ends the program with one line and exit code 1: nothing that the user gave is wrong", async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), "convoy-start-"));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  await writeTinyDataset(path.join(folder, "tiny"));
  const argv = "start --data-dir tiny --kernels narrow --workers 2 --run-dir run --quiet".split(" ");
  const env = { ...process.env, INIT_CWD: folder };
  const { status, stderr } = spawnSync(process.execPath, ["--import", agent, main, ...argv], { env, encoding: "utf8" });
  t.is(status, 1, stderr);
  t.regex(stderr, /^WORKER_START_FAILED: a thread did not start: no agent here\. [^\n]+\n$/);
});
