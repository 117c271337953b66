import type { FitEvent, StartEvent } from "@convoy/parallel";
import type { Reporter, RunEvent } from "../src/progress/reporter.ts";
import type { RunDescription, RunEnd } from "../src/progress/run_description.ts";
import type { TrainingJob } from "../src/training/training_job.ts";

const set = (count: number) => ({
  images: new Uint8Array(0),
  labels: new Uint8Array(count),
  shape: [28, 28, 1] as const,
  normalization: { mean: 0.5, deviation: 0.5 },
});

export const description: RunDescription = {
  dataset: {
    name: "mnist",
    classes: 10,
    classNames: Array.from("0123456789"),
    train: set(12_800),
    test: set(1000),
    source: "/data/mnist",
    verified: true,
  },
  dataSource: "/data/mnist",
  dataFolder: undefined,
  dataSha256: "fedcba9876543210".repeat(4),
  model: "seed-cnn",
  optimizer: { kind: "sgd", learningRate: 0.001, momentum: 0.9, nesterov: false, weightDecay: 0 },
  normalization: { mean: 0.5, deviation: 0.5 },
  kernels: "narrow",
  runFolder: { path: "/home/me/runs/one", name: "runs/one" },
  initialWeights: undefined,
  resumedFrom: undefined,
};

/** What `fit` is given for a short run. */
export const options: TrainingJob["options"] = {
  epochs: 1,
  batchSize: 8,
  workers: 2,
  shards: 2,
  seed: 1,
  maxRestarts: 3,
  targetAccuracy: undefined,
  validationSplit: undefined,
  optimizer: description.optimizer,
  kernels: description.kernels,
};

export const start: StartEvent = {
  event: "start",
  parameters: 102_130,
  workers: 4,
  requestedWorkers: 6,
  shards: 4,
  batchSize: 64,
  epochs: 2,
  steps: 200,
  images: 12_800,
  testImages: 1000,
  seed: 1,
  optimizer: description.optimizer,
};

export const events: readonly Extract<FitEvent, RunEvent>[] = [
  start,
  { event: "progress", epoch: 1, step: 50, steps: 200, imagesPerSecond: 6400, loss: 2.3, trainAccuracy: 0.1 },
  { event: "step", epoch: 1, step: 100, loss: 2.29149 },
  { event: "step", epoch: 1, step: 200, loss: 1.8 },
  { event: "epoch", epoch: 1, loss: 2.045, trainAccuracy: 0.4, imagesPerSecond: 6400, seconds: 2 },
  { event: "evaluation", epoch: 1, testAccuracy: 0.7, testLoss: 0.9, correct: 700, total: 1000 },
  { event: "progress", epoch: 2, step: 100, steps: 200, imagesPerSecond: 12_800, loss: 0.5, trainAccuracy: 0.9 },
  { event: "step", epoch: 2, step: 100, loss: 0.5 },
  { event: "step", epoch: 2, step: 200, loss: 0.4 },
  { event: "epoch", epoch: 2, loss: 0.45, trainAccuracy: 0.92, imagesPerSecond: 12_800, seconds: 1 },
  { event: "evaluation", epoch: 2, testAccuracy: 0.983, testLoss: 0.1, correct: 983, total: 1000 },
];

export const end: RunEnd = {
  epochs: 2,
  steps: 400,
  seconds: 3.5,
  imagesPerSecond: 8533,
  weightsSha256: "0123456789abcdef".repeat(4),
  evaluation: { testAccuracy: 0.983, correct: 983, total: 1000 },
  best: undefined,
  reached: { accuracy: 0.98, epoch: 2, seconds: 3.4 },
  stoppedBy: undefined,
  runFolder: description.runFolder,
  resumedFrom: undefined,
  weightsFile: { path: "/home/me/runs/one/final.safetensors", name: "runs/one/final.safetensors" },
};

/** Plays the whole run to a reporter. */
export function play(reporter: Reporter): void {
  reporter.begin(description);
  for (const event of events) reporter.event(event);
  reporter.event({ event: "checkpoint", epoch: 2, step: 400, file: end.weightsFile.path });
  reporter.end(end);
  reporter.close();
}
