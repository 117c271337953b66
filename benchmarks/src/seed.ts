import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Row } from "./result.ts";
import { summarize } from "./statistics.ts";
import { trainerEvents, type TrainerEvent } from "./trainer_events.ts";

const runs = 3;
const root = path.join(import.meta.dirname, "..", "..");

/** What one run of the seed program gave; seconds count from the start of its process. */
interface SeedRun {
  readonly seconds: number;
  /** Until the first epoch begins: threads have started, and planned and compiled the network. */
  readonly startSeconds: number;
  readonly imagesPerSecond: number;
  readonly testAccuracy: number;
  readonly kernels: string;
  /** All but steps and checkpoints, with paths as who trains in the repository would name them. */
  readonly events: readonly TrainerEvent[];
}

/** The seed program's rows, and the events of the run whose time is the median: what the README's picture shows. */
export interface SeedResult {
  readonly rows: Row[];
  readonly events: readonly TrainerEvent[];
}

/** The seed program as people run it: ten epochs of MNIST on all cores, from the start of the process to its end. */
export async function benchmarkSeed(): Promise<SeedResult> {
  const all: SeedRun[] = [];
  for (let i = 0; i < runs; i++) all.push(await seedRun());
  const [{ kernels }] = all;
  const row = (name: string, unit: string, value: (run: SeedRun) => number): Row => ({
    name,
    unit,
    ...summarize(all.map(value)),
    kernels,
  });
  const rows = [
    row("ten epochs, process start to exit", "s", ({ seconds }) => seconds),
    row("process start to first step", "s", ({ startSeconds }) => startSeconds),
    row("training", "images/s", ({ imagesPerSecond }) => imagesPerSecond),
    row("test accuracy", "%", ({ testAccuracy }) => testAccuracy * 100),
  ];
  return { rows, events: all.toSorted((a, b) => a.seconds - b.seconds)[(runs - 1) / 2].events };
}

async function seedRun(): Promise<SeedRun> {
  const folder = await mkdtemp(path.join(tmpdir(), "convoy-seed-"));
  try {
    const start = performance.now();
    const elapsed = (): number => (performance.now() - start) / 1000;
    const events: TrainerEvent[] = [];
    let startSeconds = NaN;
    for await (const event of trainerEvents(["start", "--quiet"], folder)) {
      if (event["event"] === "epoch" && event["epoch"] === 1) startSeconds = elapsed() - Number(event["seconds"]);
      if (event["event"] !== "step" && event["event"] !== "checkpoint") events.push(inRepository(event, folder));
    }
    const end = events[events.length - 1];
    return {
      seconds: elapsed(),
      startSeconds,
      kernels: String(events[0]["kernels"]),
      testAccuracy: Number(end["testAccuracy"]),
      imagesPerSecond: Number(end["imagesPerSecond"]),
      events,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Paths are those of this machine; the picture shows them as they look to who stands in the repository. */
function inRepository(event: TrainerEvent, folder: string): TrainerEvent {
  const shown = (value: unknown): unknown => {
    if (typeof value !== "string" || !path.isAbsolute(value)) return value;
    const from = value.startsWith(folder) ? folder : root;
    return path.relative(from, value).replaceAll(path.sep, "/");
  };
  return Object.fromEntries(Object.entries(event).map(([name, value]) => [name, shown(value)]));
}
