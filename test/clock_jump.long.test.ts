import type { ChildProcess } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import test from "ava";
import { outcomeOf } from "../apps/trainer/test/killed_run.ts";
import { writeTinyDataset } from "../apps/trainer/test/tiny_dataset.ts";
import { main, runProgram, trainer } from "../apps/trainer/test/trainer_process.ts";
import { fit } from "../packages/parallel/src/index.ts";
import { bands, smallNetwork } from "../packages/parallel/test/small_network.ts";

const directory = await mkdtemp(path.join(tmpdir(), "convoy-clock-"));
test.after.always(() => rm(directory, { recursive: true, force: true }));

type Event = Readonly<Record<string, unknown>>;
type React = (event: Event, child: ChildProcess) => void;

/** Of all whole lines. */
function eventsOf(out: string): Event[] {
  return out
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

/** Runs a program whose clocks go on by an hour each time it is stopped and continued. */
async function runWithJumps(argv: readonly string[], react: React) {
  const preload = fileURLToPath(new URL("clock_jump.mjs", import.meta.url));
  let seen = 0;
  const watch = (out: string, child: ChildProcess): void => {
    const events = eventsOf(out);
    for (; seen < events.length; seen++) react(events[seen], child);
  };
  const { exitCode, out, error } = await runProgram(process.execPath, ["--import", preload, ...argv], {
    directory,
    watch,
  });
  return { exitCode, events: eventsOf(out), error };
}

/** @param delay milliseconds until the stop */
async function stopForAnHour(child: ChildProcess, delay = 0): Promise<void> {
  await setTimeout(delay);
  child.kill("SIGSTOP");
  await setTimeout(50);
  child.kill("SIGCONT");
}

/** In the middle of a step, of 300 ms, in which no heartbeat moves between two looks at it. */
const middleOfStep = 150;
const slowTraining = fileURLToPath(new URL("slow_training.ts", import.meta.url));
const named = (events: readonly Event[], name: string): Event[] => events.filter(({ event }) => event === name);
const testWithSignals = process.platform === "win32" ? test.skip : test;
const reason = process.platform === "win32" ? " (not run here: Windows stops no process)" : "";

testWithSignals(
  `hours that pass in a stopped process are no hang, and each makes one checkpoint due${reason}`,
  async (t) => {
    const hours = 3;
    const folder = path.join(directory, "slow");
    await mkdir(folder);
    let stops = 0;
    // Each after the checkpoint that the one before made due.
    const isTime = ({ event, step }: Event): boolean =>
      stops === 0 ? event === "progress" : event === "saved" && Number(step) > 0;
    const { exitCode, events, error } = await runWithJumps([slowTraining, folder], (event, child) => {
      if (isTime(event) && stops < hours) void stopForAnHour(child, stops++ === 0 ? middleOfStep : 0);
    });
    t.is(exitCode, 0, error);
    t.is(stops, hours);
    t.deepEqual(named(events, "fault"), []);
    const steps = named(events, "saved").map(({ step }) => Number(step));
    t.is(steps.length, 1 + hours + 1, "at step 0, for each hour, and at the end");
    t.deepEqual([steps[0], steps.at(-1)], [0, 8]);
    const { weightsSha256 } = await fit(smallNetwork(), bands(512), { epochs: 1, workers: 1 });
    t.is(events.at(-1)?.["weightsSha256"], weightsSha256);
  },
);

/** One epoch, in which no checkpoint is due but those that an hour makes due. */
const stepsOfEpoch = 1800;
const settings =
  "--data-dir tiny --batch-size 2 --shards 2 --workers 2 --learning-rate 0.01 --kernels narrow --epochs 1 " +
  "--validation-split 0.1 --checkpoint-every 600s --quiet --json";
const savedWithin = (events: readonly Event[]): number[] =>
  named(events, "checkpoint")
    .map(({ step }) => Number(step))
    .filter((step) => step > 0 && step < stepsOfEpoch);
const start = (name: string): string[] => ["start", ...settings.split(" "), "--run-dir", name];

testWithSignals(
  `killed after such an hour, and stopped for another, a run ends with the same bits${reason}`,
  async (t) => {
    await writeTinyDataset(path.join(directory, "tiny"), { train: 4000, test: 50 });
    const whole = await trainer(start("undisturbed"), { directory });
    t.is(whole.exitCode, 0, whole.error);

    let isStopped = false;
    const stopOnce: React = ({ event }, child) => {
      if (isStopped || event !== "step") return;
      isStopped = true;
      void stopForAnHour(child);
    };
    const killed = await runWithJumps([main, ...start("disturbed")], (event, child) => {
      stopOnce(event, child);
      if (event["event"] === "checkpoint" && Number(event["step"]) > 0) child.kill("SIGKILL");
    });
    t.is(killed.exitCode, 137, killed.error);
    const [step, ...more] = savedWithin(killed.events);
    t.true(step > 0);
    t.deepEqual(more, []);

    isStopped = false;
    const resume = ["start", "--resume", "disturbed", "--quiet", "--json"];
    const resumed = await runWithJumps([main, ...resume], stopOnce);
    t.is(resumed.exitCode, 0, resumed.error);
    t.true(isStopped);
    t.like(resumed.events[0], { resumedFrom: { step } });
    t.deepEqual([...named(killed.events, "fault"), ...named(resumed.events, "fault")], []);
    t.is(savedWithin(resumed.events).length, 1);
    t.deepEqual(await outcomeOf(directory, "disturbed"), await outcomeOf(directory, "undisturbed"));
  },
);
