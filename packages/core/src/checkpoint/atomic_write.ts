import { randomUUID } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { CoreError } from "../errors.ts";

/**
 * Writes a file whole or not at all: whoever reads it, also after a crash, finds the old content or the new.
 *
 * A process that is killed half way leaves a file `.<name>.<random>.tmp` behind, and nothing else.
 *
 * @throws `CHECKPOINT_WRITE` naming the file and what the system said
 */
export async function atomicWrite(file: string, bytes: Uint8Array): Promise<void> {
  const folder = path.dirname(file);
  // In the same folder, because only within one file system does a rename replace the file in one step.
  const temporary = path.join(folder, `.${path.basename(file)}.${randomUUID()}.tmp`);
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
