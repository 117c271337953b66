import { constants, existsSync, type Stats } from "node:fs";
import { lstat, open, rename, rm } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { CoreError } from "../../errors.ts";
import { removeLeftovers, temporaryName } from "./leftovers.ts";
import { linkTarget } from "./link_target.ts";
import { NotRegularError, type RegularFileOptions } from "./regular_file.ts";
import { syncFolder } from "./sync_folder.ts";

/**
 * Writes a file whole or not at all: whoever reads it, also after a crash, finds the old content or the new.
 *
 * A file that is replaced keeps its permissions, and its owner where the system allows that. A symbolic link stays, and
 * what it names is written; with `follow: false` the link itself is replaced. A hard link to the old content keeps that.
 *
 * A process that is killed half way leaves a file `.<name>.<machine>.<process>.<random>.tmp` behind, and nothing else. The
 * next write of the same file on the same machine removes it.
 *
 * @throws `CHECKPOINT_WRITE` naming the file and what the system said
 */
export async function atomicWrite(
  file: string,
  bytes: Uint8Array,
  { follow }: RegularFileOptions = { follow: true },
): Promise<void> {
  const target = follow ? await asWrite(file, linkTarget(file)) : file;
  const temporary = temporaryName(target);
  try {
    await writeDurably(temporary, bytes, await replacedBy(target));
    await rename(temporary, target);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => {});
    throw notWritten(file, target, cause);
  }
  try {
    await syncFolder(path.dirname(target));
  } catch (cause) {
    throw writeError(`${file} is written, but a power cut could still undo it`, cause);
  }
  // The file is written: what cannot be cleaned up is no reason to say otherwise.
  await removeLeftovers(target).catch(() => {});
}

async function asWrite(file: string, target: Promise<string>): Promise<string> {
  try {
    return await target;
  } catch (cause) {
    throw notWritten(file, file, cause);
  }
}

function notWritten(file: string, target: string, cause: unknown): CoreError {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  const folder = path.dirname(target);
  if (code === "ENOENT" && !existsSync(folder)) {
    return new CoreError(
      "CHECKPOINT_WRITE",
      `${file} cannot be written: there is no folder ${folder} (ENOENT). Make it first.`,
      {
        cause,
      },
    );
  }
  const isMount = code === "EBUSY" && process.platform !== "win32";
  return isMount
    ? writeError(
        `${file} cannot be replaced whole, because it is a mount point itself; mount its folder instead. It is as it was`,
        cause,
      )
    : writeError(`${file} cannot be written, and is as it was before`, cause);
}

function writeError(what: string, cause: unknown): CoreError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new CoreError("CHECKPOINT_WRITE", `${what}: ${reason}.`, { cause });
}

/** What the new file takes the place of: a regular file, a link that is not to be followed, or nothing. */
async function replacedBy(target: string): Promise<Stats | undefined> {
  const stats = await lstat(target).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  // Neither a pipe nor a device holds what is written; in its place a file would be in the way of whoever uses it.
  if (stats !== undefined && !stats.isFile() && !stats.isSymbolicLink()) throw new NotRegularError(stats);
  return stats?.isFile() === true ? stats : undefined;
}

/** On the disk before the rename: else a power cut could leave the new name on an empty file. */
async function writeDurably(file: string, bytes: Uint8Array, old: Stats | undefined): Promise<void> {
  const { O_CREAT, O_EXCL, O_WRONLY } = constants;
  // Never more open than it will be, not even for the time of writing.
  const handle = await open(file, O_WRONLY | O_CREAT | O_EXCL, old === undefined ? 0o666 : old.mode & 0o700);
  try {
    await handle.writeFile(bytes);
    if (old !== undefined && process.platform !== "win32") {
      const { uid, gid, mode } = await handle.stat();
      // Only root may give files away; whoever may not keeps what is new as their own.
      if (uid !== old.uid || gid !== old.gid) await handle.chown(old.uid, old.gid).catch(() => {});
      // Some disks have one mode for all files, and refuse to be asked for it.
      if (mode !== old.mode) await handle.chmod(old.mode & 0o777);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}
