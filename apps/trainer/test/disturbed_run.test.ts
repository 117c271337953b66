import { spawnSync } from "node:child_process";
import { chmod, cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import type { Worker } from "node:worker_threads";
import test from "ava";
import { run } from "../src/run.ts";
import { readRunFile } from "../src/runs/run_file.ts";
import { FakeEnvironment } from "./fake_environment.ts";
import { outcomeOf } from "./killed_run.ts";
import { writeTinyDataset } from "./tiny_dataset.ts";
import { main, runProgram, trainer, type Ending } from "./trainer_process.ts";

const folder = await mkdtemp(path.join(tmpdir(), "convoy-disturbed-"));
test.after.always(() => rm(folder, { recursive: true, force: true }));

/** One epoch of 600 steps, so that what happens after the first hundred happens in the middle of it. */
const settings =
  "--data-dir tiny --batch-size 2 --shards 2 --workers 2 --learning-rate 0.01 --kernels narrow --epochs 1 " +
  "--checkpoint-every 37steps --keep 100";
const begin = (name: string): string => `start ${settings} --run-dir ${name}`;

/** Runs the trainer here, and does something once, when the first hundred steps are told. */
async function here(command: string, disturb: () => void = () => {}) {
  const environment = new FakeEnvironment(folder);
  let isDisturbed = false;
  environment.stdout.write = function write(text: string) {
    this.text += text;
    if (isDisturbed || !text.includes('"event":"step"')) return;
    isDisturbed = true;
    disturb();
  };
  const exitCode = await run([...command.split(" "), "--json"], environment);
  return { exitCode, events: environment.stdout.events, error: environment.stderr.text };
}

/** What all others must come to: of each event once, and the bits. */
let expected: Awaited<ReturnType<typeof outcomeOf>>;
test.before(async () => {
  await writeTinyDataset(path.join(folder, "tiny"), { train: 1200, test: 50 });
  await here(begin("undisturbed"));
  expected = await outcomeOf(folder, "undisturbed");
});

/** The threads of a run, in the order in which they come. */
interface Threads {
  readonly all: readonly Worker[];
  /** From now on each thread that comes is ended at once. */
  endComing(): void;
}

/** Runs the trainer here, with its threads at hand. */
async function withThreads<Result>(work: (threads: Threads) => Promise<Result>): Promise<Result> {
  const all: Worker[] = [];
  let isWanted = true;
  const meet = (thread: Worker): void => {
    if (isWanted) all.push(thread);
    else void thread.terminate();
  };
  process.on("worker", meet);
  try {
    return await work({ all, endComing: () => (isWanted = false) });
  } finally {
    process.off("worker", meet);
  }
}

test.serial("a thread that is terminated within an epoch costs no bit, and no event is lost or doubled", async (t) => {
  const { exitCode, events, error } = await withThreads(({ all }) =>
    here(`${begin("recovered")} --max-restarts 7`, () => void all[1].terminate()),
  );
  t.is(exitCode, 0, error);
  const faults = events.filter(({ event }) => event === "fault");
  t.is(faults.length, 1);
  t.like(faults[0], { code: "WORKER_EXITED", phase: "train", epoch: 1, restart: 1 });
  t.regex(String(faults[0]["message"]), /start 1 of at most 7 in a row/);
  t.true(error.includes(`${String(faults[0]["message"])}\n`));
  t.deepEqual(await outcomeOf(folder, "recovered"), expected);
});

test.serial("a fault that fresh threads do not help against ends the run, saved, with what came first", async (t) => {
  const { exitCode, events, error } = await withThreads((threads) =>
    here(begin("given-up"), () => {
      threads.endComing();
      void threads.all[0].terminate();
    }),
  );
  t.is(exitCode, 1);
  const [fault, last, ...more] = events.filter(({ event }) => event === "fault");
  t.deepEqual(more, []);
  t.like(fault, { code: "WORKER_EXITED", restart: 1 });
  t.like(last, { code: "WORKER_EXITED", phase: "prepare", restart: undefined });
  const steps = Number(fault["step"]) - 1;
  t.true(steps >= 100 && steps < 600, String(steps));
  t.like(events.at(-1), { event: "error", code: "WORKER_EXITED" });
  t.regex(error, /^WORKER_EXITED: the thread of worker \d ended with exit code 1 at epoch 1, step \d+\. [^\n]+\n$/m);
  t.regex(error, /Fresh threads did not help; in the end, (?:worker \d|a thread) did not start: /);
  const failure = { code: "WORKER_EXITED" };
  t.like(await readRunFile(path.join(folder, "given-up")), { steps, finished: false, failure });
  const command = /^Go on: +pnpm trainer (.*)$/m.exec(error)?.[1];
  const resumed = await here(command!);
  t.is(resumed.exitCode, 0, resumed.error);
  // The other worker may have gone on by some steps, without the one that ended.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an event of the trainer's
  const { step } = resumed.events[0]["resumedFrom"] as { readonly step: number };
  t.true(step >= steps && step < 600, `${step} ${steps}`);
  t.deepEqual(await outcomeOf(folder, "given-up"), expected);
});

test.serial("when nobody reads its events any more, the run saves itself, and goes on to the same bits", async (t) => {
  const argv = [...begin("unread").split(" "), "--json"];
  const { exitCode } = await trainer(argv, {
    directory: folder,
    watch: (out, child) => {
      if (!out.includes('"event":"step"')) return;
      child.stdout?.destroy();
      child.stderr?.destroy();
    },
  });
  t.is(exitCode, 0);
  const { steps, finished } = await readRunFile(path.join(folder, "unread"));
  t.false(finished);
  const { exitCode: resumed, events, error } = await here("start --resume unread");
  t.is(resumed, 0, error);
  t.like(events[0], { resumedFrom: { step: steps } });
  t.deepEqual(await outcomeOf(folder, "unread"), expected);
});

/** Root may write everywhere, unless it goes without that right. */
const obeying = ["setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override"];
const isRoot = process.getuid?.() === 0;

/** Why no folder refuses anyone here, if so. */
function obstacle(): string | undefined {
  if (process.platform === "win32") return "Windows has other permissions";
  if (!isRoot) return undefined;
  const [command, ...options] = obeying;
  return spawnSync(command, [...options, "true"]).status === 0 ? undefined : "no folder refuses root, without setpriv";
}

/** Runs the trainer in a process that permissions hold for. */
function obedient(command: string): Promise<Ending> {
  const [program, ...argv] = [...(isRoot ? obeying : []), process.execPath, main, ...command.split(" ")];
  return runProgram(program, argv, { directory: folder });
}

const reason = obstacle();
(reason === undefined ? test.serial : test.skip)(
  `a run whose checkpoints may not be written ends with the same bits, says so, and can go on later${
    reason === undefined ? "" : ` (not told here: ${reason})`
  }`,
  async (t) => {
    const checkpoints = path.join(folder, "forbidden", "checkpoints");
    await cp(path.join(folder, "undisturbed"), path.join(folder, "forbidden"), { recursive: true });
    const files = (await readdir(checkpoints)).toSorted();
    const middle = files.findLastIndex((name) => Number(/\d+/.exec(name)) < 500);
    const step = Number(/\d+/.exec(files[middle]));
    t.true(step > 100, files.join(" "));
    for (const name of files.slice(middle + 1)) await rm(path.join(checkpoints, name));
    await chmod(checkpoints, 0o555);
    t.teardown(() => chmod(checkpoints, 0o755));
    const { exitCode, out, error } = await obedient("start --resume forbidden");
    t.is(exitCode, 1);
    t.regex(out, /^CHECKPOINT_WRITE: [^\n]*EACCES[^\n]* Training goes on, and saving is tried again\.$/m);
    t.regex(error, /^CHECKPOINT_WRITE: [^\n]*EACCES[^\n]*$/m);
    t.deepEqual(await outcomeOf(folder, "forbidden"), expected);
    await chmod(checkpoints, 0o755);
    const resumed = await here("start --resume forbidden");
    t.is(resumed.exitCode, 0, resumed.error);
    t.like(resumed.events[0], { resumedFrom: { step } });
    t.deepEqual(await outcomeOf(folder, "forbidden"), expected);

    // The folder of the run itself is refused before any work.
    await chmod(path.join(folder, "forbidden"), 0o555);
    t.teardown(() => chmod(path.join(folder, "forbidden"), 0o755));
    for (const command of ["start --resume forbidden --epochs 2", `start ${settings} --run-dir forbidden/new`]) {
      const refused = await obedient(command);
      t.is(refused.exitCode, 2, refused.error);
      t.regex(refused.error, /^RUN_DIR_UNWRITABLE: forbidden[^\n]*EACCES[^\n]*\n$/);
    }
  },
);
