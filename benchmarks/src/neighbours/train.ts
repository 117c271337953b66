import { execFile } from "node:child_process";
import path from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import type { KernelVariant } from "@convoy/core";

/** What `training.ts` is told. */
export interface TrainingJob {
  readonly workers: number;
  readonly batchSize: number;
  readonly epochs: number;
  /** In an epoch. */
  readonly images: number;
  readonly kernels: KernelVariant;
  /** Whether the steps of each worker are wanted. */
  readonly timings: boolean;
}

export interface TrainingReport {
  /** All but the first. */
  readonly epochs: readonly TrainingEpoch[];
}

export interface TrainingEpoch {
  readonly imagesPerSecond: number;
  /** Parts that one worker did instead of another. */
  readonly takenOver: number;
  /** Milliseconds of each step of each worker; empty where they are not wanted. */
  readonly steps: readonly (readonly { readonly compute: number; readonly all: number }[])[];
}

const program = path.join(import.meta.dirname, "training.ts");

/**
 * Trains the seed network in a process of its own.
 *
 * @param confined a command and its arguments that start another command with fewer cores; none for this process's own
 */
export async function trainApart(job: TrainingJob, confined: readonly string[] = []): Promise<TrainingReport> {
  const [command, ...args] = [...confined, process.execPath, program, JSON.stringify(job)];
  const { stdout } = await promisify(execFile)(command, args, { maxBuffer: 2 ** 28 });
  const report: TrainingReport = JSON.parse(stdout);
  return report;
}
