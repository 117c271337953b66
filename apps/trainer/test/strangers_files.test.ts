import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { loadModel, loadWeights, newestCheckpoint, readCheckpoint, readMetadata, seedCnn } from "@convoy/core";
import { loadDataset, readIdx } from "@convoy/datasets";
import test from "ava";
import { run } from "../src/run.ts";
import { FakeEnvironment } from "./fake_environment.ts";

const folder = await mkdtemp(path.join(tmpdir(), "convoy-strangers-"));
test.after.always(() => rm(folder, { recursive: true, force: true }));
const at = (...parts: readonly string[]): string => path.join(folder, ...parts);

/** Whoever waits for the other end of this pipe waits for ever; the test would end by its time limit. */
test.before(async () => {
  for (const part of ["run/checkpoints", "data", "runs/r/checkpoints"]) await mkdir(at(part), { recursive: true });
  spawnSync("mkfifo", [at("pipe")]);
  for (const link of ["data/train-images-idx3-ubyte", "data/train-labels-idx1-ubyte"])
    await symlink(at("pipe"), at(link));
  for (const link of ["data/t10k-images-idx3-ubyte", "data/t10k-labels-idx1-ubyte"])
    await symlink(at("pipe"), at(link));
  for (const name of [
    "final.safetensors",
    "run.json",
    "metrics.jsonl",
    "lock-1",
    "checkpoints/step-0000000001.safetensors",
  ]) {
    spawnSync("mkfifo", [at("run", name)]);
  }
  spawnSync("mkfifo", [at("runs/r/checkpoints/step-0000000001.safetensors")]);
});

const onUnix = process.platform === "win32" ? test.skip : test;

onUnix(
  "no reader of a library waits at a pipe, and no writer puts a file in its place (skipped on Windows)",
  async (t) => {
    const code = "CHECKPOINT_NOT_A_FILE";
    await t.throwsAsync(loadModel(at("pipe")), { code });
    await t.throwsAsync(readMetadata(at("pipe")), { code });
    await t.throwsAsync(readCheckpoint(at("pipe")), { code });
    await t.throwsAsync(loadWeights(seedCnn(), at("pipe")), { code });
    await t.throwsAsync(readIdx(at("pipe")), { code: "IDX_NOT_A_FILE" });
    await t.throwsAsync(loadDataset("mnist", { dataDir: at("data") }), { code: "IDX_NOT_A_FILE" });
    await t.throwsAsync(loadDataset("mnist", { dataDir: at("pipe") }), { code: "DATASET_NOT_FOUND" });
    t.is((await newestCheckpoint(at("run/checkpoints"))).damaged[0].error.code, code);
    await t.throwsAsync(seedCnn().save(at("pipe")), { code: "CHECKPOINT_WRITE" });
  },
);

for (const [command, code] of [
  ["start --data-dir data", "IDX_NOT_A_FILE"],
  ["start --data-dir pipe", "DATASET_NOT_FOUND"],
  ["start --run-dir pipe", "RUN_DIR_NOT_A_FOLDER"],
  ["start --run-dir pipe/run", "RUN_DIR_NOT_A_FOLDER"],
  ["start --init-from pipe", "CHECKPOINT_NOT_A_FILE"],
  ["start --init-from run", "RUN_DIR_NOT_REGULAR"],
  ["start --resume pipe", "RESUME_FILE"],
  ["start --resume run", "RUN_DIR_NOT_REGULAR"],
  ["start --resume", "RUN_NOT_FOUND"],
  ["verify run", "RUN_DIR_NOT_REGULAR"],
  ["verify runs/r", "VERIFY_CHECKPOINTS"],
  ["evaluate --weights pipe", "CHECKPOINT_NOT_A_FILE"],
  ["evaluate --weights run", "RUN_DIR_NOT_REGULAR"],
  ["summary --weights pipe", "CHECKPOINT_NOT_A_FILE"],
  ["predict --index 1 --weights run", "RUN_DIR_NOT_REGULAR"],
] as const) {
  onUnix(`"${command}" does not wait at a pipe: ${code} (skipped on Windows)`, async (t) => {
    const environment = new FakeEnvironment(folder);
    t.is(await run(command.split(" "), environment), 2);
    t.regex(environment.stderr.text, new RegExp(`^${code}: [^\\n]+\\n$`, "m"));
  });
}
