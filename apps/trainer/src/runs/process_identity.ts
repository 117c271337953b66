import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import process from "node:process";

/** What tells a process from every other, also from one that gets its number later. */
export interface ProcessIdentity {
  /** Name of the machine. */
  readonly machine: string;
  /** Another after each start of the machine, where the system tells: Linux does. */
  readonly boot?: string | undefined;
  readonly pid: number;
  /** When it started, in ticks since the machine did, where the system tells: Linux does. */
  readonly started?: string | undefined;
}

export function ownIdentity(): ProcessIdentity {
  return { machine: hostname(), boot: bootId(), pid: process.pid, started: statusOf(process.pid)?.started };
}

/** Whether a process may still run; one of another machine may, for nobody can tell here. */
export function mayRun({ machine, boot, pid, started }: ProcessIdentity): boolean {
  if (machine !== hostname()) return true;
  if (boot !== undefined && boot !== bootId()) return false;
  if (!hasProcess(pid)) return false;
  const status = statusOf(pid);
  if (status === undefined) return true;
  // A zombie has ended; its parent has not asked yet.
  return status.state !== "Z" && (started === undefined || started === status.started);
}

function hasProcess(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // A process of another user is there, but may not be asked.
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}

function bootId(): string | undefined {
  return read("/proc/sys/kernel/random/boot_id")?.trim();
}

/** Fields 3 and 22 of /proc/<pid>/stat; field 2 is a name in brackets, in which anything may stand. */
function statusOf(pid: number): { readonly state: string; readonly started: string } | undefined {
  const text = read(`/proc/${pid}/stat`);
  const fields = text?.slice(text.lastIndexOf(")") + 2).split(" ");
  return fields === undefined || fields.length < 20 ? undefined : { state: fields[0], started: fields[19] };
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
