import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { openRegularFileSync, parseBoundedJson, type Checkpoint } from "@convoy/core/training";
import { UsageError } from "../errors.ts";

/** Where a run goes on. */
export type Position = Pick<Checkpoint, "epoch" | "step" | "samplerPosition">;

const newline = 0x0a;

/** Bytes of an event, and values in it, that nobody writes. */
const longestLine = 2 ** 20;
const mostValues = 2 ** 16;

/**
 * Cuts a file of events at the first one that is later than a checkpoint, and at a line that a killed process left torn:
 * what is cut will be told again. A run that goes on writes behind what is left, so each event is there once.
 *
 * The rest becomes a new file: a hard link, as backups make them, keeps the old content.
 *
 * @param batchSize images in a minibatch
 * @throws UsageError METRICS_READ when there is a file that cannot be read or cut
 */
export function cutMetrics(file: string, position: Position, batchSize: number): void {
  try {
    const descriptor = openRegularFileSync(file, constants.O_RDWR, { follow: false });
    try {
      const bytes = readFileSync(descriptor);
      const length = lengthBefore(bytes, position, batchSize);
      const { nlink, mode } = fstatSync(descriptor);
      if (length < bytes.length || nlink > 1) replace(file, bytes.subarray(0, length), mode);
    } finally {
      closeSync(descriptor);
    }
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError("METRICS_READ", `${file} cannot be cut at the checkpoint: ${reason}. Check its permissions.`, {
      cause,
    });
  }
}

function replace(file: string, bytes: Uint8Array, mode: number): void {
  const temporary = `${file}.tmp`;
  try {
    // Only who has the lock comes here: what is there was left by a process that was killed.
    rmSync(temporary, { force: true });
    const descriptor = openSync(temporary, "wx");
    try {
      fchmodSync(descriptor, mode & 0o777);
      writeFileSync(descriptor, bytes);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function lengthBefore(bytes: Uint8Array, position: Position, batchSize: number): number {
  let start = 0;
  for (;;) {
    const end = bytes.indexOf(newline, start);
    if (end === -1 || isLater(bytes.subarray(start, end), position, batchSize)) return start;
    start = end + 1;
  }
}

/** What is no event was not written by us: from there on nothing can be trusted. */
function isLater(line: Uint8Array, { epoch, step, samplerPosition }: Position, batchSize: number): boolean {
  const event = eventOf(line);
  if (event === undefined) return true;
  switch (event["event"]) {
    case "step": {
      // Counted from 1 within its epoch; `epoch` epochs are behind the checkpoint.
      const ahead = numberIn(event, "epoch") - 1 - epoch;
      return !(ahead < 0 || (ahead === 0 && numberIn(event, "step") <= Math.ceil(samplerPosition / batchSize)));
    }
    case "epoch":
    case "validation":
    case "evaluation":
      return !(numberIn(event, "epoch") <= epoch);
    case "checkpoint":
      return !(numberIn(event, "step") <= step);
    default:
      return false;
  }
}

/** NaN where there is none: to make a number of an object of a stranger can throw. */
function numberIn(event: Readonly<Record<string, unknown>>, name: string): number {
  const value = event[name];
  return typeof value === "number" ? value : Number.NaN;
}

function eventOf(line: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    if (line.length > longestLine) return undefined;
    const value = parseBoundedJson(new TextDecoder("utf-8", { fatal: true }).decode(line), mostValues);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
