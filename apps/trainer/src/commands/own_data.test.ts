import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { loadModel } from "@convoy/core";
import test from "ava";
import { FakeEnvironment } from "../../test/fake_environment.ts";
import { writeTinyDataset } from "../../test/tiny_dataset.ts";
import { run } from "../run.ts";
import { encodeRunFile, readRunFile } from "../runs/run_file.ts";

const folder = await mkdtemp(path.join(tmpdir(), "convoy-own-"));
test.after.always(() => rm(folder, { recursive: true, force: true }));
test.before(async (t) => {
  await writeTinyDataset(path.join(folder, "own"));
  const options = "--batch-size 8 --learning-rate 0.01 --epochs 6 --kernels narrow --keep 2 --json --quiet";
  const { exitCode, stderr } = await call(
    `start --data-dir own --mean 0.1307 --deviation 0.3081 ${options} --run-dir run`,
  );
  t.is(exitCode, 0, stderr);
});

async function call(command: string, directory = folder) {
  const environment = new FakeEnvironment(directory);
  const exitCode = await run(command.split(" "), environment);
  const { text } = environment.stdout;
  return {
    exitCode,
    text,
    stderr: environment.stderr.text,
    event: text.startsWith("{") ? environment.stdout.events[0] : {},
  };
}

test("a run on own data is named after its folder, and says where it lies", async (t) => {
  const { settings } = await readRunFile(path.join(folder, "run"));
  t.like(settings, { dataset: "own", publishedData: false, dataFolder: path.join(folder, "own") });
  const { normalization, classNames, pictureFit } = await loadModel(path.join(folder, "run/final.safetensors"));
  t.deepEqual(normalization, { mean: 0.1307, deviation: 0.3081 });
  t.is(classNames?.length, 10);
  t.deepEqual(pictureFit, { fit: "contain", ground: "dark" });
});

test("evaluate, predict and verify take the run's own data and normalization, from wherever one stands", async (t) => {
  const evaluated = await call("evaluate --weights run --json");
  t.like(evaluated.event, { dataset: "own", total: 50, dataSource: path.join(folder, "own") });
  t.true(Number(evaluated.event["testAccuracy"]) > 0.9);
  t.is(evaluated.stderr, "");
  const elsewhere = await call(`evaluate --weights ${path.join(folder, "run")} --json`, tmpdir());
  t.is(elsewhere.event["testAccuracy"], evaluated.event["testAccuracy"]);
  t.like((await call("predict --index 4 --weights run --json")).event, { dataset: "own", actual: 4, predicted: 4 });
  const verified = await call("verify run");
  t.is(verified.exitCode, 0, verified.stderr);
});

test("own data whose labels count from 1 is evaluated, predicted and verified as it was trained", async (t) => {
  await writeTinyDataset(path.join(folder, "from-one"));
  for (const part of ["train", "t10k"]) {
    const file = path.join(folder, `from-one/${part}-labels-idx1-ubyte`);
    const bytes = await readFile(file);
    await writeFile(file, Buffer.concat([bytes.subarray(0, 8), bytes.subarray(8).map((label) => label + 1)]));
  }
  const trained = await call(
    "start --data-dir from-one --batch-size 8 --learning-rate 0.01 --epochs 6 --kernels narrow --keep 2 --json --quiet --run-dir ones",
  );
  t.is(trained.exitCode, 0, trained.stderr);
  const evaluated = await call("evaluate --weights ones --json");
  t.is(evaluated.stderr, "");
  t.true(Number(evaluated.event["testAccuracy"]) > 0.9);
  t.like((await call("predict --index 4 --weights ones --json")).event, { predicted: 4, className: "5", actual: 4 });
  t.is((await call("verify ones")).exitCode, 0);
});

test("data that is gone is named, and never taken from elsewhere", async (t) => {
  await cp(path.join(folder, "run"), path.join(folder, "orphan"), { recursive: true });
  const record = await readRunFile(path.join(folder, "run"));
  const settings = { ...record.settings, dataFolder: path.join(folder, "gone") };
  await writeFile(path.join(folder, "orphan/run.json"), encodeRunFile({ ...record, settings }));
  for (const command of ["evaluate --weights orphan", "predict --index 1 --weights orphan"]) {
    const { exitCode, text, stderr } = await call(command);
    t.is(exitCode, 2);
    t.is(text, "");
    t.regex(stderr, /^DATASET_NOT_FOUND: there is no folder .*gone.*run\.json names this folder.*--data-dir\.\n$/);
  }
  t.is((await call("evaluate --weights orphan --data-dir own")).exitCode, 0);
});

test("data that were changed are told", async (t) => {
  await writeTinyDataset(path.join(folder, "changed"), { test: 40 });
  await cp(path.join(folder, "run"), path.join(folder, "older"), { recursive: true });
  const record = await readRunFile(path.join(folder, "run"));
  const settings = { ...record.settings, dataFolder: path.join(folder, "changed") };
  await writeFile(path.join(folder, "older/run.json"), encodeRunFile({ ...record, settings }));
  const { exitCode, stderr } = await call("evaluate --weights older");
  t.is(exitCode, 0);
  t.regex(stderr, /^The data in .*changed are not those that the run was trained on/);
});

test("a weights file by itself names no folder, and nothing is assumed for it", async (t) => {
  await cp(path.join(folder, "run/final.safetensors"), path.join(folder, "sent.safetensors"));
  const { exitCode, stderr } = await call("evaluate --weights sent.safetensors");
  t.is(exitCode, 2);
  t.regex(
    stderr,
    /^WEIGHTS_DATA: sent\.safetensors does not say beyond the name own which data.*--data-dir or --dataset\.\n$/,
  );
  // Own data that is called like a published set is still own.
  await writeTinyDataset(path.join(folder, "mnist"));
  await call("start --data-dir mnist --batch-size 8 --epochs 1 --kernels narrow --quiet --run-dir called");
  await rm(path.join(folder, "mnist"), { recursive: true });
  await cp(path.join(folder, "called/final.safetensors"), path.join(folder, "called.safetensors"));
  t.regex((await call("evaluate --weights called.safetensors")).stderr, /^WEIGHTS_DATA: /);
  t.regex((await call("evaluate --weights called")).stderr, /^DATASET_NOT_FOUND: /);
});

test("a run file that names no data of this machine is refused", async (t) => {
  await cp(path.join(folder, "run"), path.join(folder, "sent"), { recursive: true });
  const record = await readRunFile(path.join(folder, "run"));
  for (const dataFolder of ["relative/folder", "/with\u001bescape", 7]) {
    const settings = { ...record.settings, dataFolder };
    await writeFile(path.join(folder, "sent/run.json"), encodeRunFile({ ...record, settings }));
    const { exitCode, stderr } = await call("evaluate --weights sent");
    t.is(exitCode, 2);
    t.regex(stderr, /^RUN_DATA: [^\n]+\n$/);
  }
  await writeFile(path.join(folder, "sent/run.json"), (await readFile(path.join(folder, "run/run.json"))).subarray(1));
  t.regex((await call("evaluate --weights sent")).stderr, /^RUN_FILE_DAMAGED: /);
});

test("new training from weights goes on with their normalization, and a resumed run with its own", async (t) => {
  const options = "--batch-size 8 --kernels narrow --json --quiet";
  const started = await call(`start --init-from run --data-dir own --epochs 1 ${options} --run-dir second`);
  t.deepEqual(started.event["normalization"], { mean: 0.1307, deviation: 0.3081 });
  const resumed = await call("start --resume second --epochs 2 --json --quiet");
  t.is(resumed.exitCode, 0, resumed.stderr);
  t.deepEqual(resumed.event["normalization"], { mean: 0.1307, deviation: 0.3081 });
  const other = await call("start --resume second --epochs 3 --mean 0.5 --json --quiet");
  t.is(other.exitCode, 2);
  t.regex(other.stderr, /^RESUME_SETTINGS: /);
  const given = await call(
    `start --init-from run --data-dir own --epochs 1 --mean 0.5 --deviation 0.5 ${options} --run-dir third`,
  );
  t.deepEqual(given.event["normalization"], { mean: 0.5, deviation: 0.5 });
});
