import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "ava";
import { killAndCompare, shortRun } from "./killed_run.ts";
import { writeTinyDataset } from "./tiny_dataset.ts";

const folder = await mkdtemp(path.join(tmpdir(), "convoy-killed-"));
test.before(() => writeTinyDataset(path.join(folder, "tiny"), shortRun.dataset));
test.after.always(() => rm(folder, { recursive: true, force: true }));

test("a run that is killed at two random moments ends with the same bits, and each event is kept once", async (t) => {
  await killAndCompare(t, folder, 2, (child) => {
    const milliseconds = Math.random() * 250;
    t.log(`killed after ${milliseconds.toFixed(0)} ms`);
    setTimeout(() => child.kill("SIGKILL"), milliseconds);
  });
});
