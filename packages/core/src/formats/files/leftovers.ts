import { randomUUID } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import process from "node:process";

/** A new name beside `file` for what will replace it. It says who writes: a machine and a process. */
export function temporaryName(file: string): string {
  // In the same folder, because only within one file system does a rename replace the file in one step.
  return path.join(path.dirname(file), `${prefixOf(file)}${process.pid}.${randomUUID()}.tmp`);
}

/**
 * Removes what processes of this machine that are gone have left beside `file`, half written. What a living process
 * writes stays, and so does what another machine wrote, because nobody can tell here whether it still does.
 */
export async function removeLeftovers(file: string): Promise<void> {
  const folder = path.dirname(file);
  const prefix = prefixOf(file);
  for (const name of await readdir(folder)) {
    const writer = name.startsWith(prefix) ? /^(\d+)\.[\da-f-]{36}\.tmp$/.exec(name.slice(prefix.length)) : null;
    if (writer !== null && !isRunning(Number(writer[1]))) await rm(path.join(folder, name), { force: true });
  }
}

function prefixOf(file: string): string {
  return `.${path.basename(file)}.${os.hostname()}.`;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // A process of another user is there, but may not be asked.
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}
