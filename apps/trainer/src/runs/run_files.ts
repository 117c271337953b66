import { lstat } from "node:fs/promises";
import path from "node:path";
import { NotRegularError } from "@convoy/core/training";
import { UsageError } from "../errors.ts";
import type { RunFolder } from "./run_folder.ts";
import { bestFileName, checkpointsFolder, metricsFileName, runFileName, weightsFileName } from "./run_names.ts";

/**
 * Refuses the folder of a run that leads out of itself: a stranger may have packed it, and what the run writes would change
 * files elsewhere, or wait at a pipe. Those of a run are regular files, and its checkpoints lie in a folder of their own.
 *
 * @throws UsageError RUN_DIR_NOT_REGULAR, METRICS_READ
 */
export async function checkRunFiles({ path: folder, name }: RunFolder): Promise<void> {
  for (const file of [runFileName, weightsFileName, bestFileName]) await checkRegular(folder, name, file);
  await checkRegular(folder, name, metricsFileName, "METRICS_READ");
  const stats = await lstat(path.join(folder, checkpointsFolder)).catch(passOverMissing);
  if (stats?.isSymbolicLink() !== true) return;
  throw new UsageError(
    "RUN_DIR_NOT_REGULAR",
    `${path.join(name, checkpointsFolder)} is a symbolic link, no folder. Move what it names into ${name}.`,
  );
}

/**
 * Refuses one file of a run that is there and no regular file.
 *
 * @param folder its path, and how messages name it
 * @throws UsageError with the code
 */
export async function checkRegular(
  folder: string,
  name: string,
  file: string,
  code: "RUN_DIR_NOT_REGULAR" | "METRICS_READ" = "RUN_DIR_NOT_REGULAR",
): Promise<void> {
  const stats = await lstat(path.join(folder, file)).catch(passOverMissing);
  if (stats === undefined || stats.isFile()) return;
  const { message } = new NotRegularError(stats);
  const advice = "Nothing in the folder of a run is followed out of it; take it away, or put a file in its place.";
  throw new UsageError(code, `${path.join(name, file)} is not used: ${message}. ${advice}`);
}

/** For `catch`: a file that is not there is none. @throws what else the system says */
export function passOverMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}
