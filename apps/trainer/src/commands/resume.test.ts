import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmdirSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { readCheckpoint, writeCheckpoint } from "@convoy/core";
import test from "ava";
import { FakeEnvironment, type FakeOutput } from "../../test/fake_environment.ts";
import { readMetrics } from "../../test/killed_run.ts";
import { writeTinyDataset } from "../../test/tiny_dataset.ts";
import { Interruption } from "../environment.ts";
import { run } from "../run.ts";
import { readRunFile } from "../runs/run_file.ts";

const folder = await mkdtemp(path.join(tmpdir(), "convoy-resume-"));
test.before(async () => {
  await writeTinyDataset(path.join(folder, "tiny"), { train: 816, test: 50 });
  await writeTinyDataset(path.join(folder, "other"), { train: 808, test: 50 });
});
test.after.always(() => rm(folder, { recursive: true, force: true }));

/** 102 steps an epoch, the last of half a minibatch. */
const quick =
  "start --data-dir tiny --batch-size 8 --shards 4 --learning-rate 0.01 --workers 2 --kernels narrow " +
  "--checkpoint-every 40steps --keep 100";

async function trainer(command: string, signal?: AbortSignal) {
  const environment = new FakeEnvironment(folder, signal);
  const exitCode = await run([...command.split(" "), "--json", "--quiet"], environment);
  const { events } = environment.stdout;
  return { exitCode, events, end: events.at(-1) ?? {}, error: environment.stderr.text };
}

const inRun = (name: string, ...parts: string[]): string => path.join(folder, name, ...parts);
const checkpoints = async (name: string): Promise<string[]> => (await readdir(inRun(name, "checkpoints"))).toSorted();

/** A straight run of three epochs: what all others must come to. */
let straight: Promise<{ sha256: unknown; metrics: unknown }> | undefined;
async function expected() {
  straight ??= trainer(`${quick} --run-dir straight --epochs 3`).then(async ({ end }) => ({
    sha256: end["weightsSha256"],
    metrics: await readMetrics(inRun("straight")),
  }));
  return straight;
}

/** A run of three epochs, as it was at its end. */
async function copied(name: string): Promise<void> {
  await expected();
  await cp(inRun("straight"), inRun(name), { recursive: true });
}

test("extends a finished run to the bits of a longer one, with another number of workers", async (t) => {
  await trainer(`${quick} --run-dir extended --epochs 2`);
  const files = await checkpoints("extended");
  const nothing = await trainer("start --resume extended");
  t.is(nothing.exitCode, 0);
  t.regex(nothing.error, /^extended is finished: 2 epochs\. To extend it, give more: --epochs 4\n$/);
  t.deepEqual(await checkpoints("extended"), files);
  const { exitCode, end, events } = await trainer("start --resume extended --epochs 3 --workers 1");
  t.is(exitCode, 0);
  t.like(events[0], { event: "start", resumedFrom: { step: 204 }, workers: 1 });
  t.like(end, { event: "end", epochs: 3, steps: 306, weightsSha256: (await expected()).sha256 });
  t.deepEqual(await readMetrics(inRun("extended")), (await expected()).metrics);
  t.like(await readRunFile(inRun("extended")), { epochs: 3, steps: 306, finished: true, settings: { epochs: 3 } });
});

test("goes on from an earlier checkpoint, takes away the later ones, and keeps each event once", async (t) => {
  await copied("rewound");
  const early = (await checkpoints("rewound"))[1];
  const step = Number(/\d+/.exec(early)?.[0]);
  t.true(step > 0 && step < 204, early);
  const { exitCode, events, end } = await trainer(`start --resume rewound/checkpoints/${early}`);
  t.is(exitCode, 0);
  t.deepEqual(events[0]["resumedFrom"], { epoch: Math.floor(step / 102), step });
  t.is(end["weightsSha256"], (await expected()).sha256);
  t.deepEqual(await readMetrics(inRun("rewound")), (await expected()).metrics);
});

test("says from where a finished run goes on, and after how many epochs it was finished", async (t) => {
  await copied("told");
  const [first, early] = await checkpoints("told");
  t.is(Number(/\d+/.exec(first)?.[0]), 0);
  const said: string[] = [];
  for (const options of ["--epochs 4", `/checkpoints/${early}`]) {
    const environment = new FakeEnvironment(folder);
    await run(`start --quiet --resume told${options.startsWith("/") ? "" : " "}${options}`.split(" "), environment);
    said.push(environment.stderr.text);
  }
  t.deepEqual(said, [
    "told was finished after 3 epochs; it goes on to 4.\n",
    `told was finished after 4 epochs; it goes on from step ${Number(/\d+/.exec(early)?.[0])} to 3.\n`,
  ]);
});

test("falls back to the checkpoint before a damaged one, says so, and sets the damaged one aside", async (t) => {
  await copied("damaged");
  await rm(inRun("damaged", "run.json"));
  const newest = (await checkpoints("damaged")).at(-1);
  const file = inRun("damaged", "checkpoints", newest);
  const bytes = await readFile(file);
  bytes[bytes.length - 1] ^= 1;
  await writeFile(file, bytes);
  const { exitCode, events, end } = await trainer("start --resume damaged");
  t.is(exitCode, 0);
  t.like(events[0], { event: "warning", code: "RESUME_DAMAGED" });
  t.true(String(events[0]["message"]).includes(newest));
  t.is(end["weightsSha256"], (await expected()).sha256);
  t.deepEqual(await readMetrics(inRun("damaged")), (await expected()).metrics);
  t.true((await checkpoints("damaged")).includes(`${newest}.damaged`));
});

test("refuses settings that would change the result, names each, and changes nothing", async (t) => {
  await trainer(`${quick} --run-dir refused --epochs 1`);
  const before = await readFile(inRun("refused", "metrics.jsonl"), "utf8");
  const early = (await checkpoints("refused"))[0];
  for (const [options, says] of [
    ["--batch-size 16 --learning-rate 0.02", /batchSize was 8 and is 16;.*learningRate was 0\.01 and is 0\.02/],
    ["--shards 2", /shards was 4 and is 2/],
    ["--seed 2", /seed was 1 and is 2/],
    ["--optimizer adam", /kind was sgd and is adam/],
    ["--mean 0.25", /dataSha256/],
    ["--data-dir other", /images was 816 and is 808/],
    ["--model fast", /layers/],
  ] as const) {
    const command = `start --resume refused/checkpoints/${early} --epochs 2 ${options}`;
    const { exitCode, error } = await trainer(command);
    t.is(exitCode, 2, options);
    t.regex(error, /^RESUME_SETTINGS: [^\n]+\n$/);
    t.regex(error, says);
  }
  t.is(await readFile(inRun("refused", "metrics.jsonl"), "utf8"), before);
  t.is((await checkpoints("refused"))[0], early);
  const { exitCode, end } = await trainer("start --resume refused --epochs 2 --learning-rate 0.02 --override");
  t.is(exitCode, 0);
  t.like(end, { epochs: 2 });
  // From now on the run has the new setting.
  t.is((await trainer("start --resume refused --epochs 3")).exitCode, 0);
  const record = await readRunFile(inRun("refused"));
  t.like(record, { settings: { optimizer: { learningRate: 0.02 } } });
  // What cannot be read is refused when all the rest is in order: also then nothing is written.
  await rm(inRun("refused", "metrics.jsonl"));
  await mkdir(inRun("refused", "metrics.jsonl"));
  const unreadable = await trainer("start --resume refused --epochs 4");
  t.is(unreadable.exitCode, 2);
  t.regex(unreadable.error, /^METRICS_READ: [^\n]+\n$/m);
  t.deepEqual(await readRunFile(inRun("refused")), record);
});

test("goes on after a stop in the middle of an epoch, from the newest run when none is named", async (t) => {
  const controller = new AbortController();
  const stopping = new FakeEnvironment(folder, controller.signal);
  stopping.stdout.write = function write(text: string) {
    this.text += text;
    if (text.includes('"step":100')) controller.abort(new Interruption("Ctrl-C", 130));
  };
  t.is(await run(`${quick} --run-dir runs/stopped --epochs 3 --json --quiet`.split(" "), stopping), 130);
  t.like(await readRunFile(inRun("runs/stopped")), { finished: false });
  const { exitCode, end } = await trainer("start --resume --workers 1");
  t.is(exitCode, 0);
  t.is(end["weightsSha256"], (await expected()).sha256);
  t.deepEqual(await readMetrics(inRun("runs/stopped")), (await expected()).metrics);
});

const withBash = spawnSync("bash", ["-c", "true"]).status === 0 ? test : test.skip;
withBash(
  "whatever a run's folder is called, no terminal obeys it, and a shell goes on with the command that is printed (skipped without bash)",
  async (t) => {
    // A clear screen, a title that ends with a bell, C1, another direction, no width, other ends of a line, a shell's own.
    const name = "-\u001b[2J\u001b]0;x\u0007\u009b1m\u202e\u200b\u2028\u2029\n'\"$(touch x)`!\\ 猫";
    for (const json of [false, true]) {
      const controller = new AbortController();
      const environment = new FakeEnvironment(folder, controller.signal);
      environment.stdout.write = function write(text: string) {
        this.text += text;
        if (text.includes('"step":100') || text.includes("100]")) controller.abort(new Interruption("Ctrl-C", 130));
      };
      const argv = [...quick.split(" "), `--run-dir=${name}${json}`, "--epochs", "3", ...(json ? ["--json"] : [])];
      t.is(await run(argv, environment), 130, environment.stderr.text);
      const { stdout, stderr } = environment;
      t.notRegex((stdout.text + stderr.text).replaceAll("\n", ""), /[\p{C}\p{Zl}\p{Zp}]/u);
      if (json) t.is(stdout.events[0]["runDir"], inRun(`${name}${json}`));
      const command = /^Go on: +pnpm trainer (.*)$/m.exec(stdout.text + stderr.text)?.[1];
      const parts = spawnSync("bash", ["-c", `printf '%s\\0' ${command}`], { encoding: "utf8", cwd: folder }).stdout;
      t.is(parts, ["start", "--resume", `./${name}${json}`, ""].join("\0"));
      const resumed = new FakeEnvironment(folder);
      t.is(await run([...parts.split("\0").slice(0, -1), "--json", "--quiet"], resumed), 0, resumed.stderr.text);
      t.is(resumed.stdout.events.at(-1)?.["weightsSha256"], (await expected()).sha256);
    }
    t.false(existsSync(inRun("x")));
  },
);

test("goes on where only the last evaluation and the weights' file are missing", async (t) => {
  await copied("nearly");
  await rm(inRun("nearly", "run.json"));
  await rm(inRun("nearly", "final.safetensors"));
  const { exitCode, end } = await trainer("start --resume nearly");
  t.is(exitCode, 0);
  t.is(end["weightsSha256"], (await expected()).sha256);
  t.deepEqual(await readMetrics(inRun("nearly")), (await expected()).metrics);
  t.true(existsSync(inRun("nearly", "final.safetensors")));
});

test("refuses what is no run, in one line", async (t) => {
  await mkdir(inRun("empty", "checkpoints"), { recursive: true });
  await mkdir(inRun("plain"));
  await writeFile(inRun("plain", "step-0000000000.safetensors"), "");
  await expected();
  const file = inRun("straight", "checkpoints", (await checkpoints("straight"))[0]);
  const checkpoint = await readCheckpoint(file);
  const options = ["", "[", "[3]", '["--override"]', '{"override":""}', '{"epochs":"x"}'];
  await mkdir(inRun("odd", "checkpoints"), { recursive: true });
  for (const [step, text] of options.entries()) {
    const metadata = { options: text };
    await writeCheckpoint(inRun("odd", "checkpoints"), { ...checkpoint, step, metadata }, { keep: 100 });
  }
  for (const [command, code] of [
    ["start --resume absent", "RUN_NOT_FOUND"],
    ["start --resume plain", "RUN_NOT_FOUND"],
    ["start --resume empty", "RUN_NOT_FOUND"],
    ["start --resume plain/step-0000000000.safetensors", "RESUME_FILE"],
    ["start --resume straight --run-dir elsewhere", "OPTION_COMBINATION"],
    ["start --override", "OPTION_COMBINATION"],
    ...options.map((_, step) => [
      `start --resume odd/checkpoints/step-000000000${step}.safetensors`,
      "RESUME_CHECKPOINT",
    ]),
  ] as const) {
    const { exitCode, error } = await trainer(command);
    t.is(exitCode, 2, command);
    t.regex(error, new RegExp(`^${code}: [^\\n]+\\n$`), command);
  }
});

/** A folder is in the way of the metrics from the start of the run, and is taken away at such an event. */
async function metricsHindered(name: string, until: string) {
  const environment = new FakeEnvironment(folder);
  const place = inRun(name, "metrics.jsonl");
  environment.stdout.write = function write(text: string) {
    this.text += text;
    if (text.includes('"event":"start"')) mkdirSync(place);
    if (text.includes(until)) rmdirSync(place);
  };
  const argv = `${quick} --run-dir ${name} --epochs 3 --json --quiet`.split(" ");
  const exitCode = await run(argv, environment);
  const of = (event: string) => environment.stdout.events.filter((each) => each["event"] === event);
  return { exitCode, of, error: environment.stderr.text };
}

test("no checkpoint is saved before the metrics that belong to it", async (t) => {
  const { exitCode, of } = await metricsHindered("delayed", '"event":"evaluation","epoch":2');
  t.is(exitCode, 0);
  t.true(of("warning").length >= 2);
  t.true(of("warning").every(({ code }) => code === "METRICS_WRITE"));
  t.true(of("checkpoint").every(({ step }) => Number(step) >= 204));
  t.deepEqual(await readMetrics(inRun("delayed")), (await expected()).metrics);
});

test("metrics that are never written are no secret: the weights are saved, and the run fails", async (t) => {
  const { exitCode, of, error } = await metricsHindered("unmeasured", "never");
  t.is(exitCode, 1);
  t.regex(error, /^METRICS_WRITE: [^\n]+\n$/);
  t.deepEqual(await checkpoints("unmeasured"), []);
  t.is(of("end")[0]["weightsSha256"], (await expected()).sha256);
  t.true(existsSync(inRun("unmeasured", "final.safetensors")));
});

test("a folder that cannot be written for a while costs no more than a warning", async (t) => {
  const environment = new FakeEnvironment(folder);
  const place = inRun("hindered", "checkpoints");
  let moves: Promise<unknown> = Promise.resolve();
  environment.stdout.write = function write(text: string) {
    this.text += text;
    if (text.includes('"event":"start"')) moves = rename(place, `${place}-away`).then(() => writeFile(place, ""));
    if (text.includes('"event":"warning"') && existsSync(`${place}-away`)) {
      moves = moves.then(() => rm(place)).then(() => rename(`${place}-away`, place));
    }
  };
  const argv = `${quick} --run-dir hindered --epochs 3 --json --quiet`.split(" ");
  t.is(await run(argv, environment), 0, environment.stderr.text);
  await moves;
  const warnings = environment.stdout.events.filter(({ event }) => event === "warning");
  t.true(warnings.length > 0);
  for (const { code } of warnings) t.is(code, "CHECKPOINT_WRITE");
  t.regex(String(warnings[0]["message"]), /^CHECKPOINT_WRITE: .*Training goes on, and saving is tried again\.$/);
  t.is(environment.stdout.events.at(-1)["weightsSha256"], (await expected()).sha256);
});

/** At the end of the first epoch the run's folder is gone, at once: to remove file by file could take longer than the run. */
function writeAndTakeAway(this: FakeOutput, text: string): void {
  this.text += text;
  if (text.includes('"event":"epoch","epoch":1,')) renameSync(inRun("gone"), inRun("taken-away"));
}

test("ends with an error when the folder is gone, and the end could not be saved", async (t) => {
  const environment = new FakeEnvironment(folder);
  environment.stdout.write = writeAndTakeAway;
  t.is(await run(`${quick} --run-dir gone --epochs 3 --json --quiet`.split(" "), environment), 1);
  t.regex(environment.stderr.text, /^CHECKPOINT_WRITE: [^\n]+ENOENT[^\n]+\n$/);
  t.is(environment.stdout.events.at(-1)["code"], "CHECKPOINT_WRITE");
});
