import { closeSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeSync } from "node:fs";
import path from "node:path";
import { UsageError } from "../errors.ts";
import { lockNumber } from "./lock_name.ts";
import { mayRun, ownIdentity, type ProcessIdentity } from "./process_identity.ts";
import type { RunFolder } from "./run_folder.ts";

const largestLock = 4096;

interface FoundLock {
  readonly file: string;
  readonly number: number;
  /** Nothing where a process ended while it wrote. */
  readonly owner: ProcessIdentity | undefined;
}

/**
 * The right of one process to write a run's folder: a file "lock-<n>" that names the process.
 *
 * Whoever wants it writes its own file first, under a number that no file has, and looks at all others then. So of two that
 * come at the same time each sees the other, or the later one sees the earlier: never do both go on. Files of processes
 * that are gone count for nothing, and who gets the lock removes them.
 */
export class RunLock {
  readonly #file: string;

  private constructor(file: string) {
    this.#file = file;
  }

  /**
   * @param folder is there
   * @throws UsageError RUN_LOCKED when another process has it; RUN_DIR_UNWRITABLE
   */
  static take({ path: folder, name }: RunFolder): RunLock {
    const own = ownIdentity();
    for (;;) {
      const before = locksIn(folder);
      refuseIfHeld(before, name);
      const file = path.join(folder, `lock-${Math.max(0, ...before.map(({ number }) => number)) + 1}`);
      if (!createLock(file, own, name)) continue;
      const others = locksIn(folder).filter((lock) => lock.file !== file);
      try {
        refuseIfHeld(others, name);
      } catch (error) {
        rmSync(file, { force: true });
        throw error;
      }
      for (const stale of others) rmSync(stale.file, { force: true });
      return new RunLock(file);
    }
  }

  release(): void {
    try {
      rmSync(this.#file, { force: true });
    } catch {
      // With the end of the process it counts for nothing anyway.
    }
  }
}

/** @returns false when another process was faster */
function createLock(file: string, owner: ProcessIdentity, name: string): boolean {
  try {
    const descriptor = openSync(file, "wx");
    try {
      writeSync(descriptor, JSON.stringify(owner));
    } finally {
      closeSync(descriptor);
    }
    return true;
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "EEXIST") return false;
    const reason = cause instanceof Error ? cause.message : String(cause);
    const advice = "Choose another --run-dir.";
    throw new UsageError("RUN_DIR_UNWRITABLE", `${name} cannot be written: ${reason}. ${advice}`, { cause });
  }
}

function refuseIfHeld(locks: readonly FoundLock[], name: string): void {
  const held = locks.find(({ owner }) => owner !== undefined && mayRun(owner));
  if (held?.owner === undefined) return;
  const { pid, machine } = held.owner;
  const advice =
    machine === ownIdentity().machine
      ? "Wait for its end, or choose another --run-dir."
      : `Whether it still runs cannot be told from here: if it does not, delete ${held.file}.`;
  throw new UsageError("RUN_LOCKED", `process ${pid} of ${machine} writes ${name}. ${advice}`);
}

function locksIn(folder: string): FoundLock[] {
  return readdirSync(folder).flatMap((name) => {
    const number = lockNumber(name);
    if (number === undefined) return [];
    const file = path.join(folder, name);
    return [{ file, number, owner: ownerIn(file) }];
  });
}

function ownerIn(file: string): ProcessIdentity | undefined {
  try {
    const stats = statSync(file);
    if (!stats.isFile() || stats.size > largestLock) return undefined;
    const value: unknown = JSON.parse(readFileSync(file, "utf8"));
    return isIdentity(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isIdentity(value: unknown): value is ProcessIdentity {
  if (typeof value !== "object" || value === null) return false;
  const { machine, boot, pid, started }: Partial<Record<keyof ProcessIdentity, unknown>> = value;
  return (
    typeof machine === "string" &&
    typeof pid === "number" &&
    Number.isSafeInteger(pid) &&
    pid > 0 &&
    isTextIfThere(boot) &&
    isTextIfThere(started)
  );
}

function isTextIfThere(value: unknown): boolean {
  return value === undefined || typeof value === "string";
}
