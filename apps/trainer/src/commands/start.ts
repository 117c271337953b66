import path from "node:path";
import { printableLine } from "@convoy/core/training";
import { Interruption, interruptionOf, type Environment } from "../environment.ts";
import { isCoded, UsageError } from "../errors.ts";
import { startOptions } from "../options/start_options.ts";
import { trainingSettings } from "../options/training_settings.ts";
import { checkRunFolder, defaultRunFolder, makeRunFolder, removeUnused, type RunFolder } from "../runs/run_folder.ts";
import { RunLock } from "../runs/run_lock.ts";
import { epochsDone, findRun, finishedEpochs, openRun } from "../runs/saved_run.ts";
import { resumedOptions, type ParsedStart } from "../runs/run_options.ts";
import { counted } from "@convoy/parallel/progress";
import { shownName } from "../terminal/shown_name.ts";
import { prepareJob } from "../training/prepare_job.ts";
import { trainInFolder } from "../training/train_in_folder.ts";
import { defineCommand, type Command } from "./command.ts";

export const start: Command = defineCommand({
  name: "start",
  description:
    "Trains a network on all cores and evaluates it on the test images after every epoch. Without options it is the " +
    "PyTorch program that Convoy started from: MNIST, batches of 64, SGD with momentum 0.9, 10 epochs. The same seed, " +
    "data and settings give the same weights, bit for bit, for any number of workers, and however often the run is " +
    "interrupted and resumed. Ctrl-C stops at the next step and saves; a second one ends at once. SIGUSR1 and SIGUSR2, such " +
    "as Slurm sends before a job's time is over, save at the next step, and training goes on; nohup lets it outlive its terminal.",
  options: startOptions,
  stopsGently: true,
  examples: [
    "start",
    "start --epochs 2 --workers 1",
    "start --dataset fashion-mnist --model fast --optimizer adam --target-accuracy 0.9",
    "start --resume",
    "start --resume runs/first --epochs 20",
    "start --init-from runs/first --dataset fashion-mnist",
    "start --epochs 1 --json --quiet",
  ],
  run: async (parsed, environment) => {
    const { values } = parsed;
    if (values.resume !== undefined) return resumeRun(values.resume, parsed, environment);
    if (values.override) {
      throw new UsageError(
        "OPTION_COMBINATION",
        "--override belongs to --resume; a new run has no settings to change.",
      );
    }
    // Before anything is looked for on the disk.
    trainingSettings(values);
    const name = values["run-dir"] ?? namedByDefault(parsed, environment);
    const runFolder = { name, path: path.resolve(environment.directory, name) };
    await checkRunFolder(runFolder);
    const job = await prepareJob(parsed, runFolder, environment);
    if (environment.signal.aborted) return stoppedEarly(environment);
    const isNew = await makeRunFolder(runFolder);
    try {
      return await locked(runFolder, environment, async () => {
        // Another process may have been here between the check and the lock.
        await checkRunFolder(runFolder);
        return trainInFolder(job, values, environment);
      });
    } finally {
      if (isNew) await removeUnused(runFolder);
    }
  },
});

async function resumeRun(given: string, parsed: ParsedStart, environment: Environment): Promise<number> {
  for (const name of ["init-from", "allow-partial"] as const) {
    if (!parsed.given.has(name)) continue;
    throw new UsageError("OPTION_COMBINATION", `--resume goes on with the run's own weights; leave --${name} out.`);
  }
  if (parsed.given.has("run-dir")) {
    throw new UsageError("OPTION_COMBINATION", "--resume goes on in the run's own folder; leave --run-dir out.");
  }
  const found = await findRun(given, environment.directory);
  const { runFolder } = found;
  return locked(runFolder, environment, async () => {
    const run = await openRun(found);
    const options = resumedOptions(run.file, run.checkpoint, parsed);
    const { epochs, json, quiet } = options.values;
    const done = epochsDone(run.checkpoint);
    const finished = await finishedEpochs(run);
    const tell = (line: string): void => environment.stderr.write(`${line}\n`);
    if (finished !== undefined && done >= epochs) {
      tell(
        `${shownName(runFolder.name)} is finished: ${counted(done, "epoch")}. To extend it, give more: --epochs ${2 * done}`,
      );
      return 0;
    }
    if (finished !== undefined && !(json && quiet)) {
      const from = done < finished ? ` from step ${run.checkpoint.step}` : "";
      tell(
        `${shownName(runFolder.name)} was finished after ${counted(finished, "epoch")}; it goes on${from} to ${epochs}.`,
      );
    }
    const job = await prepareJob(options, runFolder, environment, run);
    if (environment.signal.aborted) return stoppedEarly(environment);
    const damage = run.damaged.map(({ error }) => error);
    return trainInFolder(job, options.values, environment, damage);
  });
}

/** Does what no other process may do in this folder meanwhile. */
async function locked(runFolder: RunFolder, environment: Environment, work: () => Promise<number>): Promise<number> {
  const lock = RunLock.take(runFolder);
  try {
    return await work();
  } catch (error) {
    if (error instanceof Interruption) return stoppedEarly(environment);
    throw error;
  } finally {
    release(lock, environment);
  }
}

/** What becomes of the run is not changed by a lock that stays: the next process of this machine takes it away. */
function release(lock: RunLock, { stderr }: Environment): void {
  try {
    lock.release();
  } catch (error) {
    if (!isCoded(error)) throw error;
    stderr.write(`${printableLine(error.message)}\n`);
  }
}

function namedByDefault({ values, given }: ParsedStart, { directory }: Environment): string {
  const { dataset, model, "data-dir": folder } = values;
  const isOwn = folder !== undefined && !given.has("dataset");
  const data = isOwn ? path.basename(path.resolve(directory, folder)) : dataset;
  // A part of a file's name on any system.
  const name = data.replaceAll(/[^\p{L}\p{N}._-]+/gu, "-").slice(0, 60);
  return defaultRunFolder({ started: new Date(), dataset: name === "" ? "data" : name, model: model.name });
}

function stoppedEarly({ signal, stderr }: Environment): number {
  const { message, exitCode } = interruptionOf(signal);
  stderr.write(`Stopped by ${message} before training began; there is nothing to save.\n`);
  return exitCode;
}
