import { spawnSync } from "node:child_process";
import { seedCnn } from "@convoy/core";
import { apart } from "../apart/apart.ts";
import { interleave, interleaveRuns } from "../interleave.ts";
import type { Row } from "../result.ts";
import { summarize } from "../statistics.ts";
import type { Workload } from "../workload.ts";
import { beyondCompute } from "./beyond_compute.ts";
import { beside, type Neighbour } from "./neighbour.ts";
import { withQuota } from "./quota.ts";
import { trainApart, type TrainingEpoch } from "./train.ts";

const rounds = 5;
const images = 19_200;
const epochs = 3;
const apartMilliseconds = 600;

const neighbours: readonly Neighbour[] = [
  { name: "one busy process, nice 10", threads: 1, nice: 10 },
  { name: "one busy process of equal priority", threads: 1, nice: 0 },
  { name: "a busy program of three threads, nice 10", threads: 3, nice: 10 },
];

/**
 * Training with two workers beside training with one, on a machine that others use too: alone, beside neighbours that it starts
 * itself, with fewer cores than workers, and under a quota. Each ratio is of two runs, one after the other.
 */
export async function benchmarkNeighbours({ train, kernels }: Workload): Promise<Row[]> {
  const bytes = train.images.length / train.labels.length;
  const data = { ...train, images: train.images.subarray(0, images * bytes), labels: train.labels.subarray(0, images) };
  const trainWith = async (workers: number, batchSize = 64, confined: readonly string[] = []): Promise<number[]> => {
    const report = await trainApart({ workers, batchSize, epochs, images, kernels, timings: false }, confined);
    return report.epochs.map(({ imagesPerSecond }) => imagesPerSecond);
  };
  const rows: Row[] = [];
  const add = (name: string, values: readonly number[], unit = "times"): void => {
    rows.push({ name, unit, ...summarize(values) });
  };
  /** Rates and ratio of these numbers of workers. */
  const compare = async (
    where: string,
    counts: readonly number[],
    run: (workers: number) => Promise<number[]>,
  ): Promise<void> => {
    const { samples, ratios } = await interleave(counts, rounds, run);
    for (const [workers, rates] of samples) add(`${where}: ${named(workers)}`, rates, "images/s");
    for (const [workers, pairs] of ratios) add(`${where}: ${named(workers)} over ${counts[0]}`, pairs);
  };

  for (const batchSize of [64, 256]) {
    const computeApart = async (threads: number): Promise<number[]> => {
      const options = { threads, images: Math.min(64, batchSize / threads), kernels, milliseconds: apartMilliseconds };
      return [await apart(seedCnn(), data, options)];
    };
    const runs = [async (workers: number) => trainWith(workers, batchSize), computeApart];
    const [training, threads] = await interleaveRuns([1, 2], rounds, runs);
    const where = `alone, batch ${batchSize}`;
    for (const [workers, rates] of training.samples) add(`${where}: ${named(workers)}`, rates, "images/s");
    const most = threads.ratios.get(2)!;
    add(`${where}: 2 workers over 1`, training.ratios.get(2)!);
    add(
      `${where}: … over that of threads that share nothing`,
      training.ratios.get(2)!.map((ratio, i) => ratio / most[i]),
    );
    add(`${where}: step beyond compute, fastest tenth`, await beyond(kernels, batchSize), "%");
  }
  for (const neighbour of neighbours) {
    await compare(`beside ${neighbour.name}`, [1, 2], async (workers) =>
      beside(neighbour, async () => trainWith(workers)),
    );
  }
  await compare("alone, on two cores", [2, 4], async (workers) => trainWith(workers));
  if (spawnSync("taskset", ["-c", "0", "true"]).status === 0) {
    await compare("pinned to one core", [1, 2], async (workers) => trainWith(workers, 64, ["taskset", "-c", "0"]));
  }
  await withQuota(1.5, async (confined) =>
    compare("quota of 1.5 cores", [1, 2], async (workers) => trainWith(workers, 64, confined)),
  );
  return rows;
}

function named(workers: number): string {
  return `${workers} worker${workers === 1 ? "" : "s"}`;
}

async function beyond(kernels: Workload["kernels"], batchSize: number): Promise<number[]> {
  const report = await trainApart({ workers: 2, batchSize, epochs: epochs + 2, images, kernels, timings: true });
  return report.epochs.map((epoch: TrainingEpoch) => beyondCompute(epoch.steps));
}
