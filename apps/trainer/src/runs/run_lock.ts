import { closeSync, constants, openSync, readdirSync, readSync, rmSync, writeSync } from "node:fs";
import path from "node:path";
import { openRegularFileSync, printable } from "@convoy/core/training";
import { UsageError } from "../errors.ts";
import { lockNumber } from "./lock_name.ts";
import { isIdentity, mayRun, ownIdentity, type ProcessIdentity } from "./process_identity.ts";
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
  readonly #name: string;

  private constructor(file: string, name: string) {
    this.#file = file;
    this.#name = name;
  }

  /**
   * @param folder is there
   * @throws UsageError RUN_LOCKED when another process has it; RUN_LOCK_REMOVE when what one that is gone left cannot be
   *   removed; RUN_DIR_UNWRITABLE
   */
  static take({ path: folder, name }: RunFolder): RunLock {
    const own = ownIdentity();
    for (;;) {
      const before = locksIn(folder, name);
      refuseIfHeld(before, name);
      const file = path.join(folder, `lock-${freeNumber(before)}`);
      if (!createLock(file, own, name)) continue;
      try {
        const others = locksIn(folder, name).filter((lock) => lock.file !== file);
        refuseIfHeld(others, name);
        for (const stale of others) removeLock(stale.file, name);
      } catch (error) {
        rmSync(file, { force: true });
        throw error;
      }
      return new RunLock(file, name);
    }
  }

  /** @throws UsageError RUN_LOCK_REMOVE; with the end of the process the lock counts for nothing on this machine anyway */
  release(): void {
    removeLock(this.#file, this.#name);
  }
}

/** The first from 1, so that however many names are taken, there is a next one. */
function freeNumber(locks: readonly FoundLock[]): number {
  const taken = new Set(locks.map(({ number }) => number));
  let free = 1;
  while (taken.has(free)) free++;
  return free;
}

/** @returns false when another process was faster */
function createLock(file: string, owner: ProcessIdentity, name: string): boolean {
  try {
    const descriptor = openSync(file, "wx");
    try {
      writeSync(descriptor, JSON.stringify(owner));
    } catch (error) {
      rmSync(file, { force: true });
      throw error;
    } finally {
      closeSync(descriptor);
    }
    return true;
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "EEXIST") return false;
    throw unwritable(name, cause);
  }
}

function removeLock(file: string, name: string): void {
  try {
    rmSync(file, { force: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(
      "RUN_LOCK_REMOVE",
      `${file} keeps nobody out any more, and cannot be removed: ${reason}. Take it out of ${name}.`,
      { cause },
    );
  }
}

function refuseIfHeld(locks: readonly FoundLock[], name: string): void {
  const held = locks.find(({ owner }) => owner !== undefined && mayRun(owner));
  if (held?.owner === undefined) return;
  const { pid, machine, pidNamespace } = held.owner;
  const own = ownIdentity();
  const isHere = machine === own.machine && pidNamespace === own.pidNamespace;
  const where = machine === own.machine && !isHere ? `another container of ${machine}` : printable(machine);
  const advice = isHere
    ? "Wait for its end, or choose another --run-dir."
    : `Whether it still runs cannot be told from here: if it does not, delete ${held.file}.`;
  throw new UsageError("RUN_LOCKED", `process ${pid} of ${where} writes ${name}. ${advice}`);
}

function locksIn(folder: string, name: string): FoundLock[] {
  let files: string[];
  try {
    files = readdirSync(folder);
  } catch (cause) {
    throw unwritable(name, cause);
  }
  return files.flatMap((found) => {
    const number = lockNumber(found);
    if (number === undefined) return [];
    const file = path.join(folder, found);
    return [{ file, number, owner: ownerIn(file) }];
  });
}

function unwritable(name: string, cause: unknown): UsageError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const advice = "Choose another --run-dir.";
  return new UsageError("RUN_DIR_UNWRITABLE", `${name} cannot be written: ${reason}. ${advice}`, { cause });
}

function ownerIn(file: string): ProcessIdentity | undefined {
  try {
    const descriptor = openRegularFileSync(file, constants.O_RDONLY, { follow: false });
    try {
      const bytes = Buffer.alloc(largestLock + 1);
      const length = readSync(descriptor, bytes, 0, bytes.length, 0);
      const value: unknown = length > largestLock ? undefined : JSON.parse(bytes.toString("utf8", 0, length));
      return isIdentity(value) ? value : undefined;
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return undefined;
  }
}
