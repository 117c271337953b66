import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import type { Row } from "./result.ts";
import { summarize } from "./statistics.ts";

const runs = 3;
const trainer = path.join(import.meta.dirname, "..", "..", "apps", "trainer", "main.mjs");

/** What one run of the seed program gave; seconds count from the start of its process. */
interface SeedRun {
  readonly seconds: number;
  /** Until the first epoch begins: threads have started, and planned and compiled the network. */
  readonly startSeconds: number;
  readonly imagesPerSecond: number;
  readonly testAccuracy: number;
  readonly kernels: string;
}

/** The seed program as people run it: ten epochs of MNIST on all cores, from the start of the process to its end. */
export async function benchmarkSeed(): Promise<Row[]> {
  const all: SeedRun[] = [];
  for (let i = 0; i < runs; i++) all.push(await seedRun());
  const [{ kernels }] = all;
  const row = (name: string, unit: string, value: (run: SeedRun) => number): Row => ({
    name,
    unit,
    ...summarize(all.map(value)),
    kernels,
  });
  return [
    row("ten epochs, process start to exit", "s", ({ seconds }) => seconds),
    row("process start to first step", "s", ({ startSeconds }) => startSeconds),
    row("training", "images/s", ({ imagesPerSecond }) => imagesPerSecond),
    row("test accuracy", "%", ({ testAccuracy }) => testAccuracy * 100),
  ];
}

async function seedRun(): Promise<SeedRun> {
  const folder = await mkdtemp(path.join(tmpdir(), "convoy-seed-"));
  try {
    const start = performance.now();
    const elapsed = (): number => (performance.now() - start) / 1000;
    const args = [trainer, "start", "--json", "--quiet", "--run-dir", path.join(folder, "run")];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    const exit = new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", resolve);
    });
    let startSeconds = NaN;
    let end: { readonly testAccuracy: number; readonly imagesPerSecond: number } | undefined;
    let kernels = "";
    for await (const line of createInterface({ input: child.stdout })) {
      const event: Record<string, unknown> = JSON.parse(line);
      if (event["event"] === "start") kernels = String(event["kernels"]);
      if (event["event"] === "epoch" && event["epoch"] === 1) startSeconds = elapsed() - Number(event["seconds"]);
      if (event["event"] === "end") {
        end = { testAccuracy: Number(event["testAccuracy"]), imagesPerSecond: Number(event["imagesPerSecond"]) };
      }
    }
    const code = await exit;
    if (code !== 0 || end === undefined) throw new Error(`the trainer ended with exit code ${code}`);
    return { seconds: elapsed(), startSeconds, kernels, ...end };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
