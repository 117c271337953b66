import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import process from "node:process";

/** What tells a process from every other, also from one that gets its number later. */
export interface ProcessIdentity {
  /** Name of the machine. */
  readonly machine: string;
  /** Another after each start of the machine, where the system tells: Linux does. */
  readonly boot?: string | undefined;
  /** Within which its number counts, where the system tells: containers of one machine have each their own. */
  readonly pidNamespace?: string | undefined;
  readonly pid: number;
  /** When it started, in ticks since the machine did, where the system tells: Linux does. */
  readonly started?: string | undefined;
}

export function ownIdentity(): ProcessIdentity {
  const started = statusOf(process.pid)?.started;
  return { machine: hostname(), boot: bootId(), pidNamespace: pidNamespace(), pid: process.pid, started };
}

/** Whether a process may still run; one of another machine or container may, for nobody can tell here. */
export function mayRun({ machine, boot, pidNamespace: namespace, pid, started }: ProcessIdentity): boolean {
  if (machine !== hostname()) return true;
  if (boot !== undefined && boot !== bootId()) return false;
  if (namespace !== pidNamespace()) return true;
  if (!hasProcess(pid)) return false;
  const status = statusOf(pid);
  if (status === undefined) return true;
  // A zombie has ended; its parent has not asked yet.
  return status.state !== "Z" && (started === undefined || started === status.started);
}

export function isIdentity(value: unknown): value is ProcessIdentity {
  if (typeof value !== "object" || value === null) return false;
  const {
    machine,
    boot,
    pidNamespace: namespace,
    pid,
    started,
  }: Partial<Record<keyof ProcessIdentity, unknown>> = value;
  return (
    typeof machine === "string" &&
    typeof pid === "number" &&
    Number.isInteger(pid) &&
    pid > 0 &&
    // More no system has, and none answers.
    pid < 2 ** 31 &&
    [boot, namespace, started].every((text) => text === undefined || typeof text === "string")
  );
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
  return told(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim());
}

function pidNamespace(): string | undefined {
  return told(() => readlinkSync("/proc/self/ns/pid"));
}

/**
 * Fields 3 and 22 of /proc/<pid>/stat; field 2 is a name in brackets, in which anything may stand. Nothing where /proc is
 * that of another namespace: there the number is that of another process.
 */
function statusOf(pid: number): { readonly state: string; readonly started: string } | undefined {
  if (told(() => readlinkSync("/proc/self")) !== String(process.pid)) return undefined;
  const text = told(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  const fields = text?.slice(text.lastIndexOf(")") + 2).split(" ");
  return fields === undefined || fields.length < 20 ? undefined : { state: fields[0], started: fields[19] };
}

function told(ask: () => string): string | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}
