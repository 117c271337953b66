import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { ReaderName } from "./readers.ts";

export interface HostileFile {
  readonly what: string;
  readonly bytes: Uint8Array;
  /** Bytes of the file, or of what is in it, inflated. */
  readonly size: number;
}

interface Reading {
  /** "read", or the code of the error, for each file. */
  readonly outcomes: readonly string[];
  /** By how much the most that the process had resident grew. */
  readonly mebibytes: number;
}

const program = fileURLToPath(new URL("read_files.ts", import.meta.url));

// Young garbage may lie about for long: with room for little of it, what is resident is what is needed.
const flags = ["--max-semi-space-size=2", "--expose-gc"];

/** Reads files in a process of its own, one after the other. */
export async function readInProcess(reader: ReaderName, files: readonly HostileFile[]): Promise<Reading> {
  const folder = await mkdtemp(path.join(tmpdir(), "convoy-peak-"));
  try {
    const paths = files.map((_, i) => path.join(folder, String(i)));
    for (const [i, { bytes }] of files.entries()) await writeFile(paths[i], bytes);
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, program, reader, ...paths], {
      timeout: 120_000,
    });
    const reading: Reading = JSON.parse(stdout);
    return reading;
  } finally {
    await rm(folder, { recursive: true });
  }
}
