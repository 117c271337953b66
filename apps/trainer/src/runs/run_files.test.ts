import { spawnSync } from "node:child_process";
import { cp, mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "ava";
import { readRunFile } from "./run_file.ts";
import { findRun } from "./saved_run.ts";
import { findWeights } from "./weights_file.ts";

const root = await mkdtemp(path.join(tmpdir(), "convoy-files-"));
test.after.always(() => rm(root, { recursive: true, force: true }));
const files = ["run.json", "metrics.jsonl", "final.safetensors", "best.safetensors"];
const onUnix = process.platform === "win32" ? test.skip : test;

async function run(name: string): Promise<string> {
  const folder = path.join(root, name);
  await mkdir(path.join(folder, "checkpoints"), { recursive: true });
  for (const file of files) await writeFile(path.join(folder, file), "");
  return folder;
}

test("finds a run of regular files, also one that has only checkpoints", async (t) => {
  const folder = await run("whole");
  t.is((await findRun("whole", root)).runFolder.path, folder);
  for (const file of files) await rm(path.join(folder, file));
  t.is((await findRun("whole", root)).runFolder.path, folder);
});

onUnix("finds a run through a link that the user names (skipped on Windows)", async (t) => {
  await run("named");
  await symlink("named", path.join(root, "link to named"));
  t.is((await findRun("link to named", root)).runFolder.name, "link to named");
  t.is((await findWeights("link to named", root)).name, path.join("link to named", "final.safetensors"));
});

for (const file of files) {
  const code = file === "metrics.jsonl" ? "METRICS_READ" : "RUN_DIR_NOT_REGULAR";
  onUnix(
    `refuses a run whose ${file} is a link, a pipe or a folder, before anything is opened (skipped on Windows)`,
    async (t) => {
      for (const [kind, make] of [
        ["symbolic link", (at: string) => symlink("../victim", at)],
        ["named pipe", (at: string) => spawnSync("mkfifo", [at])],
        ["folder", (at: string) => mkdir(at)],
      ] as const) {
        const name = `${file} as a ${kind}`;
        const at = path.join(await run(name), file);
        await rm(at);
        await make(at);
        const named = path.join(name, file);
        await t.throwsAsync(findRun(name, root), {
          code,
          message: new RegExp(`${named} is not used: it is a ${kind}`),
        });
        if (file === "run.json") await t.throwsAsync(readRunFile(path.join(root, name)), { code: "RUN_FILE_READ" });
        if (file === "final.safetensors") await t.throwsAsync(findWeights(name, root), { code });
      }
    },
  );
}

onUnix(
  "refuses a run whose checkpoints lie elsewhere, and does not take it for the newest (skipped on Windows)",
  async (t) => {
    const folder = await run(path.join("runs", "linked"));
    await rename(path.join(folder, "checkpoints"), path.join(root, "elsewhere"));
    await symlink(path.join(root, "elsewhere"), path.join(folder, "checkpoints"));
    for (const given of [
      path.join("runs", "linked"),
      path.join("runs", "linked", "checkpoints", "step-0000000001.safetensors"),
    ]) {
      await writeFile(path.join(root, "elsewhere", "step-0000000001.safetensors"), "");
      await t.throwsAsync(findRun(given, root), {
        code: "RUN_DIR_NOT_REGULAR",
        message: /checkpoints is a symbolic link/,
      });
    }
    await t.throwsAsync(findRun("", root), { code: "RUN_NOT_FOUND" });
    await rm(path.join(folder, "final.safetensors"));
    await symlink("best.safetensors", path.join(folder, "final.safetensors"));
    await t.throwsAsync(findWeights(undefined, root), { code: "RUN_NOT_FOUND" });
    await cp(path.join(root, "elsewhere"), path.join(root, "runs", "own", "checkpoints"), { recursive: true });
    t.is((await findRun("", root)).runFolder.name, path.join("runs", "own"));
  },
);
