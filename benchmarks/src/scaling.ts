import { availableParallelism } from "node:os";
import { seedCnn } from "@convoy/core";
import { defaultShards, fit } from "@convoy/parallel";
import { interleave } from "./interleave.ts";
import type { Row } from "./result.ts";
import { summarize } from "./statistics.ts";
import type { Workload } from "./workload.ts";

const batchSizes = [64, 256];
const rounds = 7;
const imageCount = 19_200;
/** The first one of a run is not counted: V8 still compiles the kernels in it. */
const epochs = 4;

/** Training through `fit`, with one worker and with more; the optimizer and the all-reduce are in it. */
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
    const { samples, ratios } = await interleave(counts, rounds, async (workers) => {
      const { history } = await fit(seedCnn(), data, { epochs, batchSize, workers, kernels });
      return history.slice(1).map(({ imagesPerSecond }) => imagesPerSecond);
    });
    for (const [workers, rates] of samples) {
      const name = `batch ${batchSize}, ${workers} ${workers === 1 ? "worker" : "workers"}`;
      rows.push({ name, unit: "images/s", ...summarize(rates), batchSize, workers });
    }
    for (const [workers, pairs] of ratios) {
      const name = `batch ${batchSize}, ${workers} workers over 1`;
      rows.push({ name, unit: "times", ...summarize(pairs), batchSize, workers });
    }
  }
  return rows;
}

/** 1, 2, 4, … up to the cores, but at least 2; no more than there are shards, because those would not be started. */
export function workerCounts(cores: number, shards: number): number[] {
  const counts = [];
  for (let workers = 1; workers <= Math.min(Math.max(2, cores), shards); workers *= 2) counts.push(workers);
  return counts;
}
