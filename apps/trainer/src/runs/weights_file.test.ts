import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "ava";
import { findWeights } from "./weights_file.ts";

async function userFolder(t: { teardown(clean: () => Promise<void>): void }): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "convoy-weights-"));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function addRun(directory: string, name: string, seconds: number): Promise<void> {
  const run = path.join(directory, "runs", name);
  await mkdir(run, { recursive: true });
  const file = path.join(run, "final.safetensors");
  await writeFile(file, "");
  await utimes(file, seconds, seconds);
}

test("takes the newest run by the time of its weights, not by its name", async (t) => {
  const directory = await userFolder(t);
  await addRun(directory, "a", 2000);
  await addRun(directory, "z", 1000);
  await mkdir(path.join(directory, "runs", "unfinished"));
  await writeFile(path.join(directory, "runs", "notes.txt"), "");
  t.deepEqual(await findWeights(undefined, directory), {
    path: path.join(directory, "runs", "a", "final.safetensors"),
    name: path.join("runs", "a", "final.safetensors"),
  });
});

test("says what to do when there is no run", async (t) => {
  const directory = await userFolder(t);
  await t.throwsAsync(findWeights(undefined, directory), { code: "RUN_NOT_FOUND", message: /pnpm trainer start/ });
  await mkdir(path.join(directory, "runs", "unfinished"), { recursive: true });
  await t.throwsAsync(findWeights(undefined, directory), { code: "RUN_NOT_FOUND" });
});

test("takes a file as it is, and the weights in a run's folder", async (t) => {
  const directory = await userFolder(t);
  await addRun(directory, "a", 1000);
  const inRun = path.join("runs", "a", "final.safetensors");
  t.is((await findWeights("some.file", directory)).path, path.join(directory, "some.file"));
  t.deepEqual(await findWeights(path.join("runs", "a"), directory), { path: path.join(directory, inRun), name: inRun });
});
