import { availableParallelism } from "node:os";
import { seedCnn } from "@convoy/core";
import { defaultShards, fit } from "@convoy/parallel";
import { apart } from "./apart/apart.ts";
import { type Interleaved, interleaveRuns } from "./interleave.ts";
import type { Row } from "./result.ts";
import { summarize } from "./statistics.ts";
import type { Workload } from "./workload.ts";

const batchSizes = [64, 256];
const rounds = 7;
const imageCount = 19_200;
/** The first one of a run is not counted: V8 still compiles the kernels in it. */
const epochs = 4;

/** As long as such a run takes about. */
const apartMilliseconds = 800;

/**
 * Training through `fit`, with one worker and with more; the optimizer and the all-reduce are in it. Beside it, threads that
 * share nothing: what so many of them reach over one is the machine's doing, and the most that training could.
 */
export async function benchmarkScaling({ train, kernels }: Workload): Promise<Row[]> {
  const bytes = train.images.length / train.labels.length;
  const data = {
    ...train,
    images: train.images.subarray(0, imageCount * bytes),
    labels: train.labels.subarray(0, imageCount),
  };
  const rows: Row[] = [];
  for (const batchSize of batchSizes) {
    const counts = workerCounts(availableParallelism(), defaultShards(batchSize));
    const trainWith = async (workers: number): Promise<number[]> => {
      const { history } = await fit(seedCnn(), data, { epochs, batchSize, workers, kernels });
      return history.slice(1).map(({ imagesPerSecond }) => imagesPerSecond);
    };
    const computeApart = async (threads: number): Promise<number[]> => {
      // No more images at once than a worker computes.
      const images = Math.min(64, batchSize / threads);
      return [await apart(seedCnn(), data, { threads, images, kernels, milliseconds: apartMilliseconds })];
    };
    const [training, threads] = await interleaveRuns(counts, rounds, [trainWith, computeApart]);
    rows.push(...rowsOf(batchSize, training, "worker", ""), ...rowsOf(batchSize, threads, "thread", " apart"));
  }
  return rows;
}

function rowsOf(batchSize: number, { samples, ratios }: Interleaved, noun: string, how: string): Row[] {
  const named = (workers: number): string => `batch ${batchSize}, ${workers} ${noun}${workers === 1 ? "" : "s"}${how}`;
  const rows: Row[] = [];
  for (const [workers, rates] of samples) {
    rows.push({ name: named(workers), unit: "images/s", ...summarize(rates), batchSize, workers });
  }
  for (const [workers, pairs] of ratios) {
    rows.push({ name: `${named(workers)} over 1`, unit: "times", ...summarize(pairs), batchSize, workers });
  }
  return rows;
}

/** 1, 2, 4, … up to the cores, but at least 2; no more than there are shards, because those would not be started. */
export function workerCounts(cores: number, shards: number): number[] {
  const counts = [];
  for (let workers = 1; workers <= Math.min(Math.max(2, cores), shards); workers *= 2) counts.push(workers);
  return counts;
}
