import { open, rename, rm } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { CoreError } from "../errors.ts";
import { removeLeftovers, temporaryName } from "./leftovers.ts";

/**
 * Writes a file whole or not at all: whoever reads it, also after a crash, finds the old content or the new.
 *
 * A process that is killed half way leaves a file `.<name>.<machine>.<process>.<random>.tmp` behind, and nothing else. The
 * next write of the same file on the same machine removes it.
 *
 * @throws `CHECKPOINT_WRITE` naming the file and what the system said
 */
export async function atomicWrite(file: string, bytes: Uint8Array): Promise<void> {
  const folder = path.dirname(file);
  const temporary = temporaryName(file);
  try {
    await writeDurably(temporary, bytes);
    await rename(temporary, file);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => {});
    throw writeError(`${file} cannot be written, and is as it was before`, cause);
  }
  try {
    await syncFolder(folder);
  } catch (cause) {
    throw writeError(`${file} is written, but a power cut could still undo it`, cause);
  }
  // The file is written: what cannot be cleaned up is no reason to say otherwise.
  await removeLeftovers(file).catch(() => {});
}

function writeError(what: string, cause: unknown): CoreError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new CoreError("CHECKPOINT_WRITE", `${what}: ${reason}.`, { cause });
}

/** On the disk before the rename: else a power cut could leave the new name on an empty file. */
async function writeDurably(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, "wx");
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes the rename itself durable, where the system has a call for that: Windows has none, some network disks neither. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } catch (error) {
    if (!(error instanceof Error && "code" in error && (error.code === "EINVAL" || error.code === "ENOTSUP")))
      throw error;
  } finally {
    await handle.close();
  }
}
