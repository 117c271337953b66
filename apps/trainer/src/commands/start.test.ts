import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { loadModel, readMetadata } from "@convoy/core";
import test from "ava";
import { FakeEnvironment } from "../../test/fake_environment.ts";
import { writeTinyDataset } from "../../test/tiny_dataset.ts";
import { Interruption } from "../environment.ts";
import { readRunFile } from "../runs/run_file.ts";
import { run } from "../run.ts";

const folder = await mkdtemp(path.join(tmpdir(), "convoy-start-"));
test.before(() => writeTinyDataset(path.join(folder, "tiny")));
test.after.always(() => rm(folder, { recursive: true, force: true }));

const quick = {
  "--data-dir": "tiny",
  "--batch-size": "8",
  "--learning-rate": "0.01",
  "--workers": "2",
  "--kernels": "narrow",
};
let runs = 0;

async function start(options: Readonly<Record<string, string>>, flags: readonly string[] = [], signal?: AbortSignal) {
  const environment = new FakeEnvironment(folder, signal);
  const name = `run-${runs++}`;
  const argv = Object.entries({ ...quick, "--run-dir": name, ...options }).flat();
  const exitCode = await run(["start", ...argv, ...flags], environment);
  return { exitCode, name, runDir: path.join(folder, name), stdout: environment.stdout, stderr: environment.stderr };
}

async function sha(options: Readonly<Record<string, string>>): Promise<string> {
  const { stdout } = await start({ "--epochs": "1", "--shards": "4", ...options }, ["--json", "--quiet"]);
  return String(stdout.events.at(-1)["weightsSha256"]);
}

test("trains, and writes the events that programs rely on, one object a line, and keeps them all", async (t) => {
  const { exitCode, runDir, stdout, stderr } = await start({ "--epochs": "8" }, ["--json"]);
  t.is(exitCode, 0, stderr.text);
  const { events } = stdout;
  // When a checkpoint is on the disk depends on the disk.
  const names = events.slice(0, -2).flatMap(({ event }) => (event === "checkpoint" ? [] : [event]));
  t.deepEqual(
    [...names, ...events.slice(-2).map(({ event }) => event)],
    ["start", ...Array.from({ length: 8 }, () => ["epoch", "evaluation"]).flat(), "checkpoint", "end"],
  );
  t.like(events[0], {
    dataset: "tiny",
    model: "seed-cnn",
    parameters: 102_130,
    workers: 1,
    requestedWorkers: 2,
    shards: 1,
    batchSize: 8,
    kernels: "narrow",
    epochs: 8,
    steps: 25,
    images: 200,
    testImages: 50,
    seed: 1,
    runDir,
  });
  const last = events.at(-1);
  t.like(last, { epochs: 8, steps: 200, stopped: false, weightsFile: path.join(runDir, "final.safetensors") });
  t.like(
    events.findLast(({ event }) => event === "evaluation"),
    { epoch: 8, total: 50, testAccuracy: last["testAccuracy"] },
  );
  t.true(Number(last["testAccuracy"]) > 0.9, String(last["testAccuracy"]));
  const model = await loadModel(path.join(runDir, "final.safetensors"));
  t.is(model.weightsSha256(), String(last["weightsSha256"]));
  t.is(await readFile(path.join(runDir, "metrics.jsonl"), "utf8"), stdout.text);
  // What is for people went elsewhere, all of it.
  t.regex(stderr.text, /Accuracy of the network on the 50 test images/);
});

test("saves what was trained, and how, beside the weights", async (t) => {
  const { runDir, exitCode } = await start({ "--epochs": "2", "--seed": "7", "--mean": "0.25" }, ["--quiet"]);
  t.is(exitCode, 0);
  t.deepEqual((await readdir(runDir)).toSorted(), ["checkpoints", "final.safetensors", "metrics.jsonl", "run.json"]);
  t.like(await readMetadata(path.join(runDir, "final.safetensors")), {
    dataset: "tiny",
    epochs: "2",
    seed: "7",
  });
  const record = JSON.parse(await readFile(path.join(runDir, "run.json"), "utf8"));
  const { sha256, ...described } = record;
  t.regex(sha256, /^[0-9a-f]{64}$/);
  t.deepEqual(await readRunFile(runDir), described);
  t.like(record.settings, {
    dataset: "tiny",
    model: "seed-cnn",
    epochs: 2,
    batchSize: 8,
    seed: 7,
    publishedData: false,
  });
  t.like(record, { epochs: 2, steps: 50 });
  t.is(record.result.history.length, 2);
  t.is(record.machine.node, process.versions.node);
  t.regex(record.settings.dataSha256, /^[0-9a-f]{64}$/);
});

test("says before it trains what it trains", async (t) => {
  const environment = new FakeEnvironment(folder);
  let before: Promise<unknown> = Promise.resolve();
  environment.stdout.write = (text) => {
    if (text.startsWith("epoch 1/")) before = readRunFile(path.join(folder, "begun"));
  };
  t.is(await run(["start", ...Object.entries(quick).flat(), "--run-dir", "begun", "--epochs", "2"], environment), 0);
  t.like(await before, { epochs: 0, steps: 0, settings: { epochs: 2, kernels: "narrow" } });
});

test("starts in a folder with only the lock of a process that is gone, and says which workers it does not start", async (t) => {
  await mkdir(path.join(folder, "left"));
  await writeFile(path.join(folder, "left", "lock-3"), "");
  const { exitCode, stdout } = await start({ "--run-dir": "left", "--epochs": "1", "--shards": "1" });
  t.is(exitCode, 0);
  t.regex(stdout.text, /1 of 2 workers not started: a batch has only 1 shard/);
  t.deepEqual(
    (await readdir(path.join(folder, "left"))).filter((name) => name.startsWith("lock")),
    [],
  );
});

test("gives the same bits for one worker and for two, and other bits for another seed", async (t) => {
  const one = await sha({ "--workers": "1" });
  t.is(await sha({ "--workers": "2" }), one);
  t.not(await sha({ "--seed": "2" }), one);
});

test("is silent but for the result, or for the events", async (t) => {
  const people = await start({ "--epochs": "1" }, ["--quiet"]);
  t.regex(people.stdout.text, /^Accuracy of the network on the 50 test images: \d+\.\d\d %\n/);
  t.is(people.stderr.text, "");
  const programs = await start({ "--epochs": "1" }, ["--quiet", "--json"]);
  t.is(programs.stderr.text, "");
});

test("stops when the accuracy is reached, and says when that was", async (t) => {
  const { stdout } = await start({ "--epochs": "100", "--target-accuracy": "0.5" }, ["--json", "--quiet"]);
  const end = stdout.events.at(-1);
  t.true(Number(end["epochs"]) < 100);
  t.like(end["reached"], { accuracy: 0.5, epoch: end["epochs"] });
});

test("stops at a step when it is interrupted, saves, says what to do next, and exits with 130", async (t) => {
  const controller = new AbortController();
  const environment = new FakeEnvironment(folder, controller.signal);
  environment.stdout.write = function write(text: string) {
    this.text += text;
    if (text.startsWith("epoch")) controller.abort(new Interruption("Ctrl-C", 130));
  };
  const exitCode = await run(
    ["start", ...Object.entries(quick).flat(), "--run-dir", "stopped", "--epochs", "1000"],
    environment,
  );
  t.is(exitCode, 130);
  t.regex(environment.stdout.text, /Stopped by Ctrl-C/);
  t.regex(environment.stdout.text, /Try them: pnpm trainer evaluate --weights stopped/);
  t.true(existsSync(path.join(folder, "stopped", "final.safetensors")));
  const record = JSON.parse(await readFile(path.join(folder, "stopped", "run.json"), "utf8"));
  t.true(record.result.aborted);
});

test("leaves nothing behind when it is interrupted before it trains", async (t) => {
  const { exitCode, runDir, stderr } = await start(
    {},
    [],
    AbortSignal.abort(new Interruption("a termination signal", 143)),
  );
  t.is(exitCode, 143);
  t.regex(stderr.text, /before training began/);
  t.false(existsSync(runDir));
});

test("leaves nothing behind when it is interrupted while a published data set loads", async (t) => {
  const controller = new AbortController();
  const runDir = path.join(folder, "loading");
  // Its folder is made when all but the data is there.
  const watch = setInterval(() => {
    if (existsSync(runDir)) controller.abort(new Interruption("Ctrl-C", 130));
  }, 1);
  const environment = new FakeEnvironment(folder, controller.signal);
  const exitCode = await run(["start", "--run-dir", "loading", "--kernels", "narrow", "--workers", "2"], environment);
  clearInterval(watch);
  t.is(exitCode, 130);
  t.regex(environment.stderr.text, /^Stopped by Ctrl-C before training began; there is nothing to save\.\n$/);
  t.is(environment.stdout.text, "");
  t.false(existsSync(runDir));
});

test("ends with a code when the loss is no number any more, and keeps the last finite weights", async (t) => {
  const { exitCode, runDir, stdout, stderr } = await start({ "--epochs": "3", "--learning-rate": "1e30" }, ["--json"]);
  t.is(exitCode, 1);
  // On a busy disk the checkpoint of the beginning may be there only now.
  const last = stdout.events
    .filter(({ event, step }) => event !== "epoch" && !(event === "checkpoint" && step === 0))
    .slice(-4);
  t.deepEqual(
    last.map(({ event }) => event),
    ["fault", "checkpoint", "checkpoint", "error"],
  );
  t.is(last[3]["code"], "NONFINITE_LOSS");
  t.is(await readFile(path.join(runDir, "metrics.jsonl"), "utf8"), stdout.text);
  t.regex(stderr.text, /The last good weights are saved in run-\d+/);
  t.regex(stderr.lines.at(-1), /^NONFINITE_LOSS: at epoch 1, step \d+/);
  const model = await loadModel(path.join(runDir, "final.safetensors"));
  t.true(model.getWeights().every((weight) => Number.isFinite(weight)));
  const record = JSON.parse(await readFile(path.join(runDir, "run.json"), "utf8"));
  t.is(record.failure.code, "NONFINITE_LOSS");
});

test("refuses images that the network's windows do not fit into", async (t) => {
  await writeTinyDataset(path.join(folder, "sliver"), { train: 2, test: 2, side: 2 });
  const { exitCode, runDir, stderr } = await start({ "--data-dir": "sliver" });
  t.is(exitCode, 2);
  t.regex(stderr.text, /^LAYER_SHAPE: [^\n]+\n$/);
  t.false(existsSync(runDir));
});
