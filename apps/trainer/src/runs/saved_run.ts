import { readdirSync, renameSync, rmSync } from "node:fs";
import { lstat, readdir, stat } from "node:fs/promises";
import path from "node:path";
import { checkpointStep, newestCheckpoint, readCheckpoint, type Checkpoint } from "@convoy/core/training";
import { asInput, UsageError } from "../errors.ts";
import { readRunFile } from "./run_file.ts";
import { checkRunFiles } from "./run_files.ts";
import type { RunFolder } from "./run_folder.ts";
import { checkpointsFolder, runsFolder } from "./run_names.ts";

/** A run that can go on, and the checkpoint that was asked for, if it was. */
export interface FoundRun {
  readonly runFolder: RunFolder;
  readonly file: string | undefined;
}

/** A run at one of its checkpoints. */
export interface SavedRun {
  readonly runFolder: RunFolder;
  readonly file: string;
  readonly checkpoint: Checkpoint;
  /** Later checkpoints that cannot be used, and why. */
  readonly damaged: readonly { readonly file: string; readonly error: Error }[];
}

/**
 * Finds the run that the user means.
 *
 * @param given the folder of a run, one of its checkpoints, or nothing for the newest run
 * @throws UsageError RUN_NOT_FOUND; RESUME_FILE for a file that is no checkpoint of a run; what `checkRunFiles` throws
 */
export async function findRun(given: string, directory: string): Promise<FoundRun> {
  const found = await nameRun(given, directory);
  await checkRunFiles(found.runFolder);
  return found;
}

async function nameRun(given: string, directory: string): Promise<FoundRun> {
  if (given === "") return { runFolder: await newestRun(directory), file: undefined };
  const found = path.resolve(directory, given);
  const stats = await stat(found).catch(() => undefined);
  if (stats === undefined) throw new UsageError("RUN_NOT_FOUND", `there is no ${given}. Give the folder of a run.`);
  if (!stats.isDirectory()) {
    const parent = path.dirname(found);
    if (path.basename(parent) === checkpointsFolder) {
      return { runFolder: { path: path.dirname(parent), name: path.dirname(path.dirname(given)) }, file: found };
    }
    throw new UsageError(
      "RESUME_FILE",
      `${given} is not in the folder ${checkpointsFolder} of a run. Give one that is, or the run's folder.`,
    );
  }
  const checkpoints = await stat(path.join(found, checkpointsFolder)).catch(() => undefined);
  if (checkpoints?.isDirectory() !== true) {
    throw new UsageError("RUN_NOT_FOUND", `the folder ${given} has no ${checkpointsFolder}. Give the folder of a run.`);
  }
  return { runFolder: { path: found, name: given }, file: undefined };
}

/**
 * Reads the checkpoint from which a run goes on: the newest whole one, or the one that was asked for.
 *
 * @throws UsageError RUN_NOT_FOUND when there is no whole one; the CHECKPOINT codes of `@convoy/core`
 */
export async function openRun({ runFolder, file }: FoundRun): Promise<SavedRun> {
  return asInput(async () => {
    if (file !== undefined) {
      return { runFolder, file, checkpoint: await readCheckpoint(file, { follow: false }), damaged: [] };
    }
    const { newest, damaged } = await newestCheckpoint(path.join(runFolder.path, checkpointsFolder));
    if (newest !== undefined) return { runFolder, ...newest, damaged };
    const why = damaged.length === 0 ? "" : ` The newest is damaged: ${damaged[0].error.message}`;
    throw new UsageError("RUN_NOT_FOUND", `${runFolder.name} has no whole checkpoint. Start a new run.${why}`);
  });
}

/** Whole epochs behind a checkpoint; the evaluation of the last may be still to come. */
export function epochsDone({ epoch, samplerPosition, settings }: Checkpoint): number {
  return samplerPosition > 0 && samplerPosition === settings["images"] ? epoch + 1 : epoch;
}

/** After how many epochs a run came to its end, where it did and that is written down. */
export async function finishedEpochs({ runFolder }: SavedRun): Promise<number | undefined> {
  return readRunFile(runFolder.path).then(
    ({ finished, epochs }) => (finished === true ? epochs : undefined),
    () => undefined,
  );
}

/**
 * Takes away the checkpoints that are later than the one from which the run goes on: damaged ones are set aside under
 * another name, others are removed, for the run will come to them again.
 *
 * @throws UsageError RUN_DIR_UNWRITABLE
 */
export function leaveBehind({ runFolder, checkpoint, damaged }: SavedRun): void {
  try {
    for (const { file } of damaged) renameSync(file, `${file}.damaged`);
    const folder = path.join(runFolder.path, checkpointsFolder);
    const later = readdirSync(folder).filter((name) => (checkpointStep(name) ?? 0) > checkpoint.step);
    for (const name of later) rmSync(path.join(folder, name), { force: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(
      "RUN_DIR_UNWRITABLE",
      `${runFolder.name} has checkpoints later than the one to go on from, which cannot be taken away: ${reason}. ` +
        `Change the permissions of its folder ${checkpointsFolder}.`,
      { cause },
    );
  }
}

/** Runs are compared by when they were saved, for a folder can be named anything. */
async function newestRun(directory: string): Promise<RunFolder> {
  const runs = path.join(directory, runsFolder);
  let newest: { readonly time: number; readonly run: string } | undefined;
  const names: string[] = await readdir(runs).catch(() => []);
  for (const run of names) {
    const time = await checkpointsTime(path.join(runs, run));
    if (time !== undefined && time > (newest?.time ?? -Infinity)) newest = { time, run };
  }
  if (newest !== undefined) return { path: path.join(runs, newest.run), name: path.join(runsFolder, newest.run) };
  throw new UsageError("RUN_NOT_FOUND", `there is no run with checkpoints in ${runs}. Start one, or give its folder.`);
}

/** When something was last put into a run's folder of checkpoints, in milliseconds; nothing when it has none of its own. */
function checkpointsTime(run: string): Promise<number | undefined> {
  return lstat(path.join(run, checkpointsFolder)).then(
    (stats) => (stats.isDirectory() ? stats.mtimeMs : undefined),
    () => undefined,
  );
}
