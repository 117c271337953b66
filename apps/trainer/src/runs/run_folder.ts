import { access, constants, mkdir, readdir, rmdir, stat } from "node:fs/promises";
import path from "node:path";
import { syncFolder } from "@convoy/core/training";
import { UsageError } from "../errors.ts";
import { lockNumber } from "./lock_name.ts";
import { runsFolder } from "./run_names.ts";

/** A folder, and how to name it to the user. */
export interface RunFolder {
  readonly path: string;
  readonly name: string;
}

/** What the name of a run's folder tells. */
export interface RunName {
  readonly started: Date;
  readonly dataset: string;
  readonly model: string;
}

/**
 * The folder of a run that the user did not name.
 *
 * @example
 * defaultRunFolder({ started: new Date(0), dataset: "mnist", model: "seed-cnn" })
 * // "runs/19700101T000000000Z-mnist-seed-cnn"
 */
export function defaultRunFolder({ started, dataset, model }: RunName): string {
  // Milliseconds, because scripts start runs one right after the other; no colons, because Windows allows none in names.
  const time = started.toISOString().replaceAll(/[-:.]/g, "");
  return path.join(runsFolder, `${time}-${dataset}-${model}`);
}

/**
 * Refuses a folder that a run could not be saved in: cheap, and before anything is loaded or written.
 *
 * @throws UsageError RUN_DIR_NOT_EMPTY, RUN_DIR_NOT_A_FOLDER, RUN_DIR_UNWRITABLE
 */
export async function checkRunFolder({ path: folder, name }: RunFolder): Promise<void> {
  try {
    const existing = await nearestExisting(folder);
    if (!(await stat(existing)).isDirectory()) {
      const what = existing === folder ? `${name} is` : `${existing}, which ${name} would lie in, is`;
      throw new UsageError("RUN_DIR_NOT_A_FOLDER", `${what} no folder. Choose another --run-dir.`);
    }
    // The lock of a process that is gone is nothing that could be lost.
    if (existing === folder && (await readdir(folder)).some((file) => lockNumber(file) === undefined)) {
      throw new UsageError(
        "RUN_DIR_NOT_EMPTY",
        `${name} holds files already, and a run never writes over another. Choose a new --run-dir.`,
      );
    }
    await access(existing, constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw unwritable(name, cause);
  }
}

/**
 * Makes the folder of a run, with those that it lies in.
 *
 * One after the other: Node's own `recursive` never returns where the system denies a folder by saying that the one
 * above it is missing, as it does in /proc.
 *
 * @returns whether it is new
 * @throws UsageError RUN_DIR_UNWRITABLE, RUN_DIR_NOT_A_FOLDER
 */
export async function makeRunFolder({ path: folder, name }: RunFolder): Promise<boolean> {
  try {
    const existing = await nearestExisting(folder);
    const missing = path
      .relative(existing, folder)
      .split(path.sep)
      .filter((part) => part !== "");
    let at = existing;
    for (const part of missing) {
      const parent = at;
      at = path.join(at, part);
      await mkdir(at).catch((error: NodeJS.ErrnoException) => {
        // Another run may just have made the folder that both lie in; the last one must be ours alone.
        if (error.code !== "EEXIST" || at === folder) throw error;
      });
      // Else a power cut could take the folder away, with all that was safe in it.
      await syncFolder(parent);
    }
    return missing.length > 0;
  } catch (cause) {
    throw unwritable(name, cause);
  }
}

/** Takes the folder away again when the run left nothing in it. */
export async function removeUnused({ path: folder }: RunFolder): Promise<void> {
  // The system refuses when there are files, which is what is wanted.
  await rmdir(folder).catch(() => {});
}

async function nearestExisting(folder: string): Promise<string> {
  for (let at = folder; ; at = path.dirname(at)) {
    try {
      await stat(at);
      return at;
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT") || at === path.dirname(at))
        throw error;
    }
  }
}

function unwritable(name: string, cause: unknown): UsageError {
  if (cause instanceof UsageError) return cause;
  if (cause instanceof Error && "code" in cause && cause.code === "ENOTDIR") {
    return new UsageError("RUN_DIR_NOT_A_FOLDER", `${name} would lie in a file. Choose another --run-dir.`, { cause });
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new UsageError("RUN_DIR_UNWRITABLE", `${name} cannot be written: ${reason}. Choose another --run-dir.`, {
    cause,
  });
}
