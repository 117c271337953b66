import { lstat } from "node:fs/promises";

/** What a file was when it was known to be whole: any write to it, or another file in its place, changes that. */
const known = new Map<string, string>();

/** Notes a file that was just written, so that it need not be read again to be sure of it. */
export async function noteWhole(file: string): Promise<void> {
  known.set(file, await stateOf(file));
}

export function forgetWhole(file: string): void {
  known.delete(file);
}

/**
 * Whether a file is whole, as `read` finds, which is asked once for each state of a file.
 *
 * @param read rejects for a damaged file
 */
export async function isWhole(file: string, read: (file: string) => Promise<unknown>): Promise<boolean> {
  try {
    const state = await stateOf(file);
    if (known.get(file) === state) return true;
    await read(file);
    known.set(file, state);
    return true;
  } catch {
    return false;
  }
}

async function stateOf(file: string): Promise<string> {
  const { dev, ino, size, mtimeNs, ctimeNs } = await lstat(file, { bigint: true });
  return [dev, ino, size, mtimeNs, ctimeNs].join(" ");
}
