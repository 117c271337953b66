// Trains in a process of its own, which a benchmark can confine, and prints what came of it as one line of JSON.
import process from "node:process";
import { setFlagsFromString } from "node:v8";
import { seedCnn } from "@convoy/core";
import { loadDataset } from "@convoy/datasets";
import { fit } from "@convoy/parallel";
import type { TrainingJob, TrainingReport } from "./train.ts";

// Given by the program that starts this one.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const { workers, batchSize, epochs, images, kernels, timings } = JSON.parse(process.argv[2]) as TrainingJob;
// Before any WebAssembly is compiled.
if (kernels === "wide") setFlagsFromString("--experimental-wasm-revectorize");

const { train } = await loadDataset("mnist");
const bytes = train.images.length / train.labels.length;
const data = { ...train, images: train.images.subarray(0, images * bytes), labels: train.labels.subarray(0, images) };
const { history } = await fit(seedCnn(), data, { epochs, batchSize, workers, kernels, timings });
const report: TrainingReport = {
  // In the first one, V8 still compiles the kernels.
  epochs: history.slice(1).map(({ imagesPerSecond, usage = [], timings: times = [] }) => ({
    imagesPerSecond,
    takenOver: usage.reduce((sum, { takenOver }) => sum + takenOver, 0),
    steps: times.map(({ compute, reduce, wait }) =>
      compute.map((milliseconds, i) => ({ compute: milliseconds, all: milliseconds + reduce[i] + wait[i] })),
    ),
  })),
};
process.stdout.write(JSON.stringify(report));
