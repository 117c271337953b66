import path from "node:path";
import { noDigest, ownDigest, parseBoundedJson, readRegularFile } from "@convoy/core/training";
import { UsageError } from "../errors.ts";
import { runFileName } from "./run_names.ts";

/** What every run file says; it says more. */
export interface RunRecord extends Readonly<Record<string, unknown>> {
  /** The version of Convoy that wrote it. */
  readonly convoy: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly machine: Readonly<Record<string, unknown>>;
  /** Whole epochs. */
  readonly epochs: number;
  /** Optimizer steps. */
  readonly steps: number;
  readonly weightsSha256: string;
}

/** Bytes, and values in them: twenty thousand epochs, of which each has some dozen values in 600 bytes. */
const largestFile = 16 * 2 ** 20;
const mostValues = 2 ** 19;
const beforeDigits = '{\n  "sha256": "';

/** JSON that begins with the SHA-256 of the whole file, taken with zeros for its own 64 digits. */
export function encodeRunFile(record: RunRecord): Uint8Array {
  const bytes = new TextEncoder().encode(jsonOf({ sha256: noDigest, ...record }));
  bytes.set(new TextEncoder().encode(ownDigest(bytes, beforeDigits.length)), beforeDigits.length);
  return bytes;
}

/**
 * Reads what `encodeRunFile` wrote, and takes nothing else for it.
 *
 * @param name how messages call the file
 * @throws UsageError RUN_FILE_DAMAGED when a byte is not as it was written; RUN_FILE_CONTENT when it says what no run is
 */
export function decodeRunFile(bytes: Uint8Array, name: string): RunRecord {
  const text = textOf(bytes);
  const digits = text?.startsWith(beforeDigits) ? text.slice(beforeDigits.length, beforeDigits.length + 64) : "";
  if (text === undefined || !/^[0-9a-f]{64}$/.test(digits) || digits !== ownDigest(bytes, beforeDigits.length)) {
    throw new UsageError(
      "RUN_FILE_DAMAGED",
      `${name} is not as Convoy wrote it: its SHA-256 is not the one that it begins with. Use an unchanged copy.`,
    );
  }
  const record = recordOf(text);
  if (record !== undefined) return record;
  throw new UsageError("RUN_FILE_CONTENT", `${name} is whole, and does not describe a run. Use one that start wrote.`);
}

/**
 * Reads the file of a run.
 *
 * @param folder of the run
 * @throws UsageError RUN_FILE_READ when it cannot be read or is no file, and what `decodeRunFile` throws
 */
export async function readRunFile(folder: string): Promise<RunRecord> {
  const file = path.join(folder, runFileName);
  let bytes: Uint8Array;
  try {
    bytes = await readRegularFile(file, { follow: false, most: largestFile });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError("RUN_FILE_READ", `${file} cannot be read: ${reason}. Give the folder of a run.`, { cause });
  }
  return decodeRunFile(bytes, file);
}

function jsonOf(record: object): string {
  return `${JSON.stringify(record, undefined, 2)}\n`;
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function recordOf(text: string): RunRecord | undefined {
  try {
    const value: unknown = parseBoundedJson(text, mostValues);
    // Written again it must be the same text: then no name came twice, and no number was rounded.
    if (!isObject(value) || jsonOf(value) !== text) return undefined;
    const { sha256: _, ...record } = value;
    return isRunRecord(record) ? record : undefined;
  } catch {
    // No JSON, or nested so deep that it cannot be written again.
    return undefined;
  }
}

function isRunRecord(value: object): value is RunRecord {
  const record: Partial<Record<keyof RunRecord, unknown>> = value;
  return (
    typeof record.convoy === "string" &&
    isObject(record.settings) &&
    isObject(record.machine) &&
    isCount(record.epochs) &&
    isCount(record.steps) &&
    typeof record.weightsSha256 === "string" &&
    /^[0-9a-f]{64}$/.test(record.weightsSha256)
  );
}

/** Without names that JavaScript gives a meaning. */
function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !Object.hasOwn(value, "__proto__");
}

function isCount(value: unknown): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
