import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import test from "ava";
import { sampleCheckpoint } from "../../../test/sample_checkpoint.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { newestCheckpoint, readCheckpoint, writeCheckpoint } from "./checkpoint_folder.ts";
import { loadModel } from "../../model/load_model.ts";

async function folder(t: { teardown(fn: () => Promise<void>): void }): Promise<string> {
  const made = await mkdtemp(path.join(os.tmpdir(), "convoy-checkpoints-"));
  t.teardown(() => rm(made, { recursive: true }));
  return made;
}

const at = (step: number): Checkpoint => sampleCheckpoint({ step });
const nameOf = (step: number): string => `step-${String(step).padStart(10, "0")}.safetensors`;
const names = async (made: string): Promise<string[]> => (await readdir(made)).toSorted();

test("writes a file named after its step, reads it again, and loads its network", async (t) => {
  const made = await folder(t);
  const file = await writeCheckpoint(made, at(1234));
  t.is(file, path.join(made, "step-0000001234.safetensors"));
  t.deepEqual(await readCheckpoint(file), at(1234));
  t.deepEqual((await loadModel(file)).getWeights(), at(1234).weights);
});

test("keeps the previous one, or as many as are wanted", async (t) => {
  const made = await folder(t);
  for (const step of [30, 40, 50]) await writeCheckpoint(made, at(step));
  t.deepEqual(await names(made), [nameOf(40), nameOf(50)]);
  for (const step of [60, 70]) await writeCheckpoint(made, at(step), { keep: 3 });
  t.deepEqual(await names(made), [nameOf(50), nameOf(60), nameOf(70)]);
  await writeCheckpoint(made, at(80), { keep: 1 });
  t.deepEqual(await names(made), [nameOf(80)]);
});

test("a damaged one does not count as the previous one", async (t) => {
  const made = await folder(t);
  await writeCheckpoint(made, at(30));
  await truncate(await writeCheckpoint(made, at(40)), 500);
  await writeCheckpoint(made, at(50));
  t.deepEqual(await names(made), [nameOf(30), nameOf(40), nameOf(50)]);
  await writeCheckpoint(made, at(60));
  t.deepEqual(await names(made), [nameOf(50), nameOf(60)]);
});

test("leaves later steps and other files alone", async (t) => {
  const made = await folder(t);
  await writeFile(path.join(made, "notes.txt"), "");
  await writeFile(path.join(made, "step-1.safetensors"), "");
  await writeCheckpoint(made, at(90));
  for (const step of [30, 40, 50]) await writeCheckpoint(made, at(step), { keep: 1 });
  t.deepEqual(await names(made), ["notes.txt", nameOf(50), nameOf(90), "step-1.safetensors"].toSorted());
});

test("finds the newest whole one, and says which damaged ones it passed over, and why", async (t) => {
  const made = await folder(t);
  const keep = 10;
  for (const step of [30, 40, 50, 60]) await writeCheckpoint(made, at(step), { keep });
  t.deepEqual(await newestCheckpoint(made), {
    newest: { file: path.join(made, nameOf(60)), checkpoint: at(60) },
    damaged: [],
  });
  await truncate(path.join(made, nameOf(60)), 900);
  const bytes = await readFile(path.join(made, nameOf(50)));
  bytes[bytes.length - 3] ^= 1;
  await writeFile(path.join(made, nameOf(50)), bytes);
  await mkdir(path.join(made, nameOf(70)));
  const { newest, damaged } = await newestCheckpoint(made);
  t.is(newest?.file, path.join(made, nameOf(40)));
  t.deepEqual(newest?.checkpoint, at(40));
  t.deepEqual(
    damaged.map(({ file, error }) => [path.basename(file), error.code]),
    [
      [nameOf(70), "CHECKPOINT_NOT_A_FILE"],
      [nameOf(60), "CHECKPOINT_TRUNCATED"],
      [nameOf(50), "CHECKPOINT_DIGEST"],
    ],
  );
});

(process.platform === "win32" ? test.skip : test)(
  "a link or a pipe with the name of a checkpoint is none: not waited for, not followed, and what it names is left (skipped on Windows)",
  async (t) => {
    const made = await folder(t);
    const outside = path.join(made, "outside");
    await rename(await writeCheckpoint(made, at(30)), outside);
    const content = await readFile(outside);
    await writeCheckpoint(made, at(40));
    await symlink(outside, path.join(made, nameOf(60)));
    t.is(spawnSync("mkfifo", [path.join(made, nameOf(70))]).status, 0);
    const { newest, damaged } = await newestCheckpoint(made);
    t.is(newest?.file, path.join(made, nameOf(40)));
    t.deepEqual(
      damaged.map(({ error }) => /it is (.*),/.exec(error.message)?.[1]),
      ["a named pipe", "a symbolic link"],
    );
    // As one among the old ones it does not count as kept, and what it names outlives it.
    await writeCheckpoint(made, at(80), { keep: 2 });
    t.deepEqual(await names(made), [nameOf(40), nameOf(60), nameOf(70), nameOf(80), "outside"].toSorted());
    await writeCheckpoint(made, at(60), { keep: 1 });
    t.deepEqual(await readCheckpoint(path.join(made, nameOf(60)), { follow: false }), at(60));
    t.deepEqual(await readFile(outside), content);
  },
);

test("an empty folder has none, and no folder is a coded error", async (t) => {
  const made = await folder(t);
  t.deepEqual(await newestCheckpoint(made), { newest: undefined, damaged: [] });
  await t.throwsAsync(newestCheckpoint(path.join(made, "no")), { code: "CHECKPOINT_MISSING" });
  await writeFile(path.join(made, "file"), "");
  await t.throwsAsync(newestCheckpoint(path.join(made, "file")), { code: "CHECKPOINT_READ" });
});

test("a checkpoint that cannot be written leaves all others", async (t) => {
  const made = await folder(t);
  await writeCheckpoint(made, at(30), { keep: 1 });
  await mkdir(path.join(made, nameOf(40), "in the way"), { recursive: true });
  await t.throwsAsync(writeCheckpoint(made, at(40), { keep: 1 }), { code: "CHECKPOINT_WRITE" });
  await t.throwsAsync(writeCheckpoint(path.join(made, "no"), at(40)), { code: "CHECKPOINT_WRITE" });
  await t.throwsAsync(writeCheckpoint(made, at(40), { keep: 0 }), { code: "CHECKPOINT_KEEP" });
  await t.throwsAsync(writeCheckpoint(made, at(-1)), { code: "CHECKPOINT_PROGRESS" });
  t.deepEqual(await names(made), [nameOf(30), nameOf(40)]);
});

test("what a killed process left under another step's name is removed", async (t) => {
  const made = await folder(t);
  const ended = spawn(process.execPath, ["-e", ""], { stdio: "ignore" });
  await once(ended, "exit");
  const leftover = `.${nameOf(30)}.${os.hostname()}.${ended.pid}.00000000-0000-4000-8000-000000000000.tmp`;
  await writeFile(path.join(made, leftover), "half");
  await writeCheckpoint(made, at(40));
  t.deepEqual(await names(made), [nameOf(40)]);
});
