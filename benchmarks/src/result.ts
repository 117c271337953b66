import { mkdir, rename, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import type { KernelVariant } from "@convoy/core";
import type { Summary } from "./statistics.ts";

/** One measurement. Benchmarks add their own fields, such as batchSize. */
export interface Row extends Summary {
  readonly name: string;
  /** Of median and MAD. */
  readonly unit: string;
  readonly [extra: string]: string | number;
}

/** What `benchmarks/results/<name>.json` holds. */
export interface Result {
  readonly name: string;
  /** ISO 8601. */
  readonly date: string;
  /** Repeats the measurement. */
  readonly command: string;
  readonly machine: Machine;
  readonly node: string;
  readonly v8: string;
  /** Which variant of the kernels ran. */
  readonly kernels: string;
  readonly rows: readonly Row[];
}

export interface Machine {
  readonly cpu: string;
  /** Threads that run at the same time. */
  readonly cores: number;
  /** Bytes. */
  readonly memory: number;
  readonly os: string;
}

export const resultsFolder: string = path.join(import.meta.dirname, "..", "results");

export function makeResult(name: string, rows: readonly Row[], kernels: KernelVariant): Result {
  const wide = kernels === "wide";
  return {
    name: wide ? `${name}-wide` : name,
    date: new Date().toISOString(),
    command: `pnpm bench ${name}${wide ? " --wide" : ""}`,
    machine: {
      cpu: os.cpus()[0]?.model.trim() ?? "unknown",
      cores: os.availableParallelism(),
      memory: os.totalmem(),
      os: `${os.type()} ${os.release()} ${os.arch()}`,
    },
    node: process.versions.node,
    v8: process.versions.v8,
    kernels,
    rows,
  };
}

/** @returns the file: the whole result, or, when interrupted, the one before */
export async function writeResult(result: Result, folder: string = resultsFolder): Promise<string> {
  const file = path.join(folder, `${result.name}.json`);
  const temporary = `${file}.${process.pid}.tmp`;
  await mkdir(folder, { recursive: true });
  await writeFile(temporary, `${JSON.stringify(result, null, 2)}\n`);
  await rename(temporary, file);
  return file;
}
