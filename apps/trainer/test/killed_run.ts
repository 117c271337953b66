import type { ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { ExecutionContext } from "ava";
import { readRunFile } from "../src/runs/run_file.ts";
import { trainer, type Ending } from "./trainer_process.ts";

/** Three epochs of 400 steps and a validation, saved every 37: seconds of work, and dozens of checkpoints. */
export const shortRun = {
  dataset: { train: 889, test: 50 },
  options: {
    "--data-dir": "tiny",
    "--batch-size": "2",
    "--learning-rate": "0.01",
    "--kernels": "narrow",
    "--validation-split": "0.1",
    "--epochs": "3",
    "--checkpoint-every": "37steps",
  },
} as const;

/** Events without what differs from one run to the next. */
export interface Metrics {
  readonly steps: readonly (readonly unknown[])[];
  readonly epochs: readonly (readonly unknown[])[];
  readonly validations: readonly (readonly unknown[])[];
  readonly evaluations: readonly (readonly unknown[])[];
}

export async function readMetrics(run: string): Promise<Metrics> {
  const text = await readFile(path.join(run, "metrics.jsonl"), "utf8");
  const events: Readonly<Record<string, unknown>>[] = text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));
  const of = (name: string, ...fields: readonly string[]): unknown[][] =>
    events.filter(({ event }) => event === name).map((event) => fields.map((field) => event[field]));
  return {
    steps: of("step", "epoch", "step", "loss"),
    epochs: of("epoch", "epoch", "loss", "trainAccuracy"),
    validations: of("validation", "epoch", "correct", "validationLoss", "best"),
    evaluations: of("evaluation", "epoch", "correct", "testLoss"),
  };
}

export function startRun(directory: string, name: string, watch?: Watch): Promise<Ending> {
  const argv = ["start", ...Object.entries({ ...shortRun.options, "--run-dir": name }).flat(), "--json", "--quiet"];
  return trainer(argv, { directory, watch });
}

export function resumeRun(directory: string, name: string, watch?: Watch): Promise<Ending> {
  return trainer(["start", "--resume", name, "--json", "--quiet"], { directory, watch });
}

type Watch = (out: string, child: ChildProcess) => void;

/** What an undisturbed run comes to, or one that was disturbed and went on. */
export async function outcomeOf(directory: string, name: string) {
  const run = path.join(directory, name);
  // Not what it printed: a run may be killed when all is done but its last line.
  const { weightsSha256, finished } = await readRunFile(run);
  const best = path.join(run, "best.safetensors");
  // Only runs that keep images away from training have one.
  const bestFile = existsSync(best)
    ? createHash("sha256")
        .update(await readFile(best))
        .digest("hex")
    : undefined;
  return { weightsSha256, bestFile, finished, metrics: await readMetrics(run) };
}

/**
 * Kills a run and goes on with it, until it was killed so often; runs that end before are begun anew. Then lets the
 * last one end, and compares it with an undisturbed one.
 *
 * @param killer is told when training begins, and kills when it wants
 */
export async function killAndCompare(
  t: ExecutionContext,
  directory: string,
  kills: number,
  killer: (child: ChildProcess, run: string) => void,
): Promise<void> {
  const whole = await startRun(directory, "undisturbed");
  t.is(whole.exitCode, 0, whole.error);
  const expected = await outcomeOf(directory, "undisturbed");
  let run = "";
  let isNew = true;
  for (let killed = 0, runs = 0; killed < kills;) {
    if (isNew) run = `killed-${runs++}`;
    let begun = false;
    const watch = (out: string, child: ChildProcess): void => {
      // Before its first checkpoint there is nothing to go on from.
      if (begun || !out.includes(isNew ? '"event":"checkpoint"' : '"event":"start"')) return;
      begun = true;
      killer(child, path.join(directory, run));
    };
    const ending = await (isNew ? startRun : resumeRun)(directory, run, watch);
    isNew = ending.exitCode === 0;
    if (isNew) t.deepEqual(await outcomeOf(directory, run), expected, run);
    else {
      t.is(ending.exitCode, 137, ending.error);
      killed++;
    }
  }
  if (isNew) return;
  const ending = await resumeRun(directory, run);
  t.is(ending.exitCode, 0, ending.error);
  t.deepEqual(await outcomeOf(directory, run), expected, run);
}
