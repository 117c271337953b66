import { lstat, readdir, stat } from "node:fs/promises";
import path from "node:path";
import { UsageError } from "../errors.ts";
import { checkRegular } from "./run_files.ts";
import { runsFolder, weightsFileName } from "./run_names.ts";
import { programName } from "../program_name.ts";

/** A weights file, and how to name it to the user. */
export interface WeightsFile {
  readonly path: string;
  readonly name: string;
}

/**
 * Finds the weights that a command is to use.
 *
 * @param given what the user gave: a weights file or the folder of a run; without, the newest run is taken
 * @param directory the user's
 * @throws UsageError RUN_NOT_FOUND when there is no run, or none in the folder; RUN_DIR_NOT_REGULAR
 */
export async function findWeights(given: string | undefined, directory: string): Promise<WeightsFile> {
  if (given === undefined) return newestWeights(directory);
  const found = path.resolve(directory, given);
  const isFolder = await stat(found).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  if (!isFolder) return { path: found, name: given };
  await checkRegular(found, given, weightsFileName);
  const inside = path.join(found, weightsFileName);
  if ((await modified(inside)) === undefined) {
    throw new UsageError("RUN_NOT_FOUND", `the folder ${given} has no ${weightsFileName}. Give a run's, or a file.`);
  }
  return { path: inside, name: path.join(given, weightsFileName) };
}

/** Runs are compared by when their weights were written, for a folder can be named anything. */
async function newestWeights(directory: string): Promise<WeightsFile> {
  const runs = path.join(directory, runsFolder);
  let newest: { readonly time: number; readonly run: string } | undefined;
  const names: string[] = await readdir(runs).catch(() => []);
  for (const run of names) {
    const time = await modified(path.join(runs, run, weightsFileName));
    if (time !== undefined && time > (newest?.time ?? -Infinity)) newest = { time, run };
  }
  if (newest === undefined) {
    throw new UsageError(
      "RUN_NOT_FOUND",
      `there is no run with weights in ${runs}. Train one with "${programName} start", or give --weights.`,
    );
  }
  return {
    path: path.join(runs, newest.run, weightsFileName),
    name: path.join(runsFolder, newest.run, weightsFileName),
  };
}

/** When the file was written, in milliseconds; nothing when it is not there, or no regular file. */
function modified(file: string): Promise<number | undefined> {
  return lstat(file).then(
    (stats) => (stats.isFile() ? stats.mtimeMs : undefined),
    () => undefined,
  );
}
