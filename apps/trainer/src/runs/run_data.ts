import path from "node:path";
import { UsageError } from "../errors.ts";
import { datasetNames, type DatasetName } from "../options/data_options.ts";
import { localFolder } from "./local_folder.ts";
import { readRunFile } from "./run_file.ts";
import { bestFileName, checkpointsFolder, runFileName, weightsFileName } from "./run_names.ts";
import { lstat } from "node:fs/promises";

/** Which data a run was trained on. */
export interface RunData {
  /** Of the run's own folder, or of a published set. */
  readonly name: string;
  /** Where a published set is not the one that comes with the program. */
  readonly folder: string | undefined;
  readonly published: DatasetName | undefined;
  /** What images and labels were. */
  readonly sha256: string | undefined;
  /** Says it. */
  readonly runFile: string;
}

/**
 * Finds out on which data the run was trained that a weights file belongs to. Only the run's own `run.json` is asked: a
 * weights file that somebody sent cannot name a folder.
 *
 * @param file of weights, or a checkpoint
 * @returns nothing where it does not lie in the folder of a run
 * @throws UsageError RUN_DATA when it names no data that could be loaded, and what `readRunFile` throws
 */
export async function runData(file: string): Promise<RunData | undefined> {
  const folder = runFolderOf(file);
  if (folder === undefined) return undefined;
  const runFile = path.join(folder, runFileName);
  const isThere = await lstat(runFile).then(
    () => true,
    () => false,
  );
  if (!isThere) return undefined;
  const { dataset, dataSource, dataFolder, publishedData, dataSha256 } = (await readRunFile(folder)).settings;
  const sha256 = typeof dataSha256 === "string" ? dataSha256 : undefined;
  const isPublished = publishedData === true;
  const published = isPublished ? datasetNames.find((name) => name === dataset) : undefined;
  // Runs from before say where their data came from, whether they were asked to take it from there or not.
  const named = dataFolder ?? (isPublished ? undefined : dataSource);
  try {
    if (typeof dataset !== "string") throw new SyntaxError("it names no data set");
    if (named === undefined && published !== undefined)
      return { name: dataset, folder: undefined, published, sha256, runFile };
    if (typeof named !== "string") throw new SyntaxError("it names no folder of data");
    return { name: dataset, folder: localFolder(named), published, sha256, runFile };
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new UsageError(
      "RUN_DATA",
      `${runFile} does not say which data the run was trained on: ${cause.message}. Give --data-dir or --dataset.`,
      { cause },
    );
  }
}

/** The folder in which `start` would have put such a file. */
function runFolderOf(file: string): string | undefined {
  const folder = path.dirname(file);
  if (path.basename(folder) === checkpointsFolder) return path.dirname(folder);
  return [weightsFileName, bestFileName].includes(path.basename(file)) ? folder : undefined;
}
