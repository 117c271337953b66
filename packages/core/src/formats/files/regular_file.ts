import { closeSync, constants, fstatSync, lstatSync, openSync, statSync, type Stats } from "node:fs";
import { lstat, open, stat, type FileHandle } from "node:fs/promises";
import process from "node:process";

export interface RegularFileOptions {
  /** Whether a symbolic link is followed: one that the user names is, one inside a folder of a stranger never. */
  readonly follow: boolean;
}

export interface ReadRegularOptions extends RegularFileOptions {
  /** Bytes. Default: just below 2 GiB, the most that Node holds in one piece. */
  readonly most?: number;
  /** Whether it must be the user's, and nobody else's to write: for what a program believes unseen. Default: false */
  readonly own?: boolean;
}

/** Something is there, and it is no regular file. Its message goes behind "cannot be read: ". */
export class NotRegularError extends Error {
  override readonly name = "NotRegularError";

  constructor(stats: Stats) {
    super(`it is ${kindOf(stats)}, no regular file`);
  }
}

/**
 * Reads a file whole, if it is a regular one. What says that it has no bytes gives none: some files of the system never end.
 *
 * @throws NotRegularError; what the system says
 */
export async function readRegularFile(
  file: string,
  { follow, most = 2 ** 31 - 1, own = false }: ReadRegularOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  // Asked before opening: to open a device can already do something.
  refuse(await (follow ? stat(file) : lstat(file)));
  const handle = await open(file, constants.O_RDONLY | flagsFor(follow));
  try {
    const stats = await handle.stat();
    refuse(stats);
    if (own) refuseOthers(stats);
    if (stats.size > most) throw new Error(`it has ${stats.size} bytes, and at most ${most} are read`);
    return await readUpTo(handle, stats.size);
  } finally {
    await handle.close();
  }
}

/**
 * Opens a regular file, or makes it where the flags say so.
 *
 * @param flags of `fs.constants`
 * @returns the descriptor
 * @throws NotRegularError; what the system says
 */
export function openRegularFileSync(file: string, flags: number, { follow }: RegularFileOptions): number {
  const before = (follow ? statSync : lstatSync)(file, { throwIfNoEntry: false });
  if (before !== undefined) refuse(before);
  const descriptor = openSync(file, flags | flagsFor(follow));
  try {
    refuse(fstatSync(descriptor));
    return descriptor;
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

/** To open a pipe would wait for its other end. Windows has neither flag, and no pipes among its files. */
function flagsFor(follow: boolean): number {
  const { O_NONBLOCK, O_NOFOLLOW }: { readonly O_NONBLOCK?: number; readonly O_NOFOLLOW?: number } = constants;
  return (O_NONBLOCK ?? 0) | (follow ? 0 : (O_NOFOLLOW ?? 0));
}

function refuse(stats: Stats): void {
  if (!stats.isFile()) throw new NotRegularError(stats);
}

/** Windows has neither owners nor such modes here. */
function refuseOthers({ uid, mode }: Stats): void {
  const user = process.getuid?.();
  if (user === undefined) return;
  if (uid !== user) throw new Error("it is another user's");
  if ((mode & 0o022) !== 0) throw new Error("others may write it");
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return "a folder";
  if (stats.isSymbolicLink()) return "a symbolic link";
  if (stats.isFIFO()) return "a named pipe";
  return stats.isSocket() ? "a socket" : "a device";
}

async function readUpTo(handle: FileHandle, size: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(size);
  let at = 0;
  while (at < size) {
    const { bytesRead } = await handle.read(bytes, at, size - at);
    // The file became shorter since it was asked for its size.
    if (bytesRead === 0) break;
    at += bytesRead;
  }
  return bytes.subarray(0, at);
}
