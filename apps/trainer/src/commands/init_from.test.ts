import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  decodeSafetensors,
  encodeSafetensors,
  loadModel,
  readCheckpoint,
  seedCnn,
  type NamedTensor,
} from "@convoy/core/training";
import test from "ava";
import { FakeEnvironment } from "../../test/fake_environment.ts";
import { readMetrics } from "../../test/killed_run.ts";
import { writeTinyDataset } from "../../test/tiny_dataset.ts";
import { run } from "../run.ts";
import { readRunFile } from "../runs/run_file.ts";

const folder = await mkdtemp(path.join(tmpdir(), "convoy-init-from-"));
const inFolder = (...parts: string[]): string => path.join(folder, ...parts);

/** 25 steps an epoch. */
const quick = "start --data-dir tiny --batch-size 8 --shards 4 --learning-rate 0.01 --workers 1 --kernels narrow";

async function trainer(command: string, flags: readonly string[] = ["--json", "--quiet"]) {
  const environment = new FakeEnvironment(folder);
  const exitCode = await run([...command.split(" "), ...flags], environment);
  return { exitCode, stdout: environment.stdout, error: environment.stderr.text };
}

const fileSha256 = async (file: string): Promise<string> =>
  createHash("sha256")
    .update(await readFile(inFolder(file)))
    .digest("hex");

/** Writes the weights of the base run once more, as another program would. */
async function rewritten(name: string, change: (tensors: NamedTensor[]) => readonly NamedTensor[]): Promise<string> {
  const { tensors } = decodeSafetensors(await readFile(inFolder("base", "final.safetensors")));
  await writeFile(inFolder(name), encodeSafetensors({ tensors: change([...tensors]) }));
  return name;
}

test.before(async () => {
  await writeTinyDataset(inFolder("tiny"));
  await trainer(`${quick} --run-dir base --epochs 1 --momentum 0`);
});
test.after.always(() => rm(folder, { recursive: true, force: true }));

const names = ["conv2d_1", "conv2d_2", "dense_1", "dense_2"].flatMap((one) => [`${one}/kernel`, `${one}/bias`]);

test("begins at step 0 with the weights of a file, whoever wrote it, and says where they come from", async (t) => {
  const base = (await loadModel(inFolder("base", "final.safetensors"))).getWeights();
  const foreign = await rewritten("foreign.safetensors", (tensors) => tensors.toReversed());
  const ends = new Set<unknown>();
  for (const [name, given, file, verified] of [
    ["ours", "base", "base/final.safetensors", true],
    ["theirs", foreign, foreign, false],
  ] as const) {
    const { exitCode, stdout } = await trainer(`${quick} --run-dir ${name} --epochs 1 --init-from ${given}`);
    t.is(exitCode, 0);
    const origin = { file: inFolder(file), sha256: await fileSha256(file) };
    const nothing = { missing: [], otherShape: [], unknown: [] };
    t.deepEqual(stdout.events[0]["initFrom"], { ...origin, verified, loaded: names, ...nothing });
    t.deepEqual((await readRunFile(inFolder(name))).settings["initFrom"], origin);
    const first = await readCheckpoint(inFolder(name, "checkpoints", "step-0000000000.safetensors"));
    t.deepEqual(first.weights, base);
    t.true(first.optimizerState[0].every((value) => value === 0));
    ends.add(stdout.events.at(-1)["weightsSha256"]);
  }
  t.is(ends.size, 1);
});

test("such a run is verified and resumed to the bit when the file is gone, and goes on saying where it began", async (t) => {
  await rewritten("passing.safetensors", (tensors) => tensors);
  const origin = { file: inFolder("passing.safetensors"), sha256: await fileSha256("passing.safetensors") };
  const whole = await trainer(`${quick} --run-dir passing --epochs 2 --keep 9 --init-from passing.safetensors`);
  const metrics = await readMetrics(inFolder("passing"));
  await rm(inFolder("passing.safetensors"));
  const half = "passing/checkpoints/step-0000000025.safetensors";
  const { exitCode, stdout, error } = await trainer(`start --resume ${half} --workers 2`);
  t.is(exitCode, 0, error);
  t.like(stdout.events[0], { initFrom: origin, resumedFrom: { step: 25 } });
  t.is(stdout.events.at(-1)["weightsSha256"], whole.stdout.events.at(-1)["weightsSha256"]);
  t.deepEqual(await readMetrics(inFolder("passing")), metrics);
  t.deepEqual((await readRunFile(inFolder("passing"))).settings["initFrom"], origin);
  const verified = await trainer("verify passing --workers 2", []);
  t.is(verified.exitCode, 0, verified.error);
  t.regex(verified.stdout.text, /^The same bits: 50 steps from step 0 with 2 workers\n/);
});

test("takes what fits when that is allowed, and says to people and programs what not and why", async (t) => {
  const other = await rewritten("other.safetensors", (tensors) => [
    ...tensors.slice(0, 6),
    { ...tensors[6], shape: tensors[6].shape.toReversed() },
    { name: "head\u001b[2J/kernel", shape: [1], data: new Float32Array(1) },
  ]);
  const command = `${quick} --epochs 1 --run-dir partial --init-from ${other} --allow-partial`;
  const { exitCode, stdout, error } = await trainer(command, ["--json"]);
  t.is(exitCode, 0, error);
  t.like(stdout.events[0]["initFrom"], {
    loaded: names.slice(0, 6),
    missing: ["dense_2/bias"],
    otherShape: [{ name: "dense_2/kernel", shape: [10, 120], needed: [120, 10] }],
    unknown: ["head\u001b[2J/kernel"],
  });
  t.regex(error, /^Weights +6 of 8 tensors from other\.safetensors; it says no SHA-256 of its own/m);
  t.regex(error, /^ +loaded: conv2d_1\/kernel, .*dense_1\/bias$/m);
  t.regex(error, /^ +new, not in the file: dense_2\/bias$/m);
  t.regex(error, /^ +new, of another shape in the file: dense_2\/kernel \[10, 120\] for \[120, 10\]$/m);
  t.regex(error, /^ +left out, not in the network: head\\u001b\[2J\/kernel$/m);
  // What is new is what the initialiser gives.
  const first = await readCheckpoint(inFolder("partial", "checkpoints", "step-0000000000.safetensors"));
  t.deepEqual(first.weights.subarray(-1210), seedCnn().getWeights().subarray(-1210));
});

test("refuses, in one line and before anything is written, weights that do not fit or are damaged", async (t) => {
  await rewritten("short.safetensors", (tensors) => tensors.slice(1));
  await rewritten("nothing.safetensors", (tensors) => tensors.map((one, i) => ({ ...one, name: `layer.${i}` })));
  const bytes = await readFile(inFolder("base", "final.safetensors"));
  bytes[bytes.length - 1] ^= 1;
  await writeFile(inFolder("damaged.safetensors"), bytes);
  for (const [options, code, says] of [
    ["--init-from short.safetensors", "CHECKPOINT_TENSORS", /it has no "conv2d_1\/kernel"\. .*--allow-partial/],
    [
      "--init-from base --model lenet5",
      "CHECKPOINT_TENSORS",
      /of another shape is "conv2d_1\/kernel", .*--allow-partial/,
    ],
    ["--init-from nothing.safetensors --allow-partial", "CHECKPOINT_TENSORS", /has no weights of this network/],
    ["--init-from damaged.safetensors --allow-partial", "CHECKPOINT_DIGEST", /damaged\.safetensors/],
    ["--init-from absent", "CHECKPOINT_MISSING", /absent/],
    ["--init-from tiny", "RUN_NOT_FOUND", /tiny has no final\.safetensors/],
  ] as const) {
    const { exitCode, error } = await trainer(`${quick} --run-dir refused ${options}`);
    t.is(exitCode, 2, options);
    t.regex(error, new RegExp(`^${code}: [^\\n]+\\n$`), options);
    t.regex(error, says);
    t.false(existsSync(inFolder("refused")));
  }
  for (const option of ["--init-from base", "--allow-partial"]) {
    const { exitCode, error } = await trainer(`start --resume base ${option}`);
    t.is(exitCode, 2);
    t.regex(error, /^OPTION_COMBINATION: [^\n]*--resume[^\n]+\n$/);
  }
});
