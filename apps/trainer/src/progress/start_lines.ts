import {
  isSameNormalization,
  normalizationText,
  optimizers,
  standardNormalization,
  type Optimizer,
} from "@convoy/core/training";
import type { StartEvent } from "@convoy/parallel";
import { facts } from "../terminal/facts.ts";
import { counted, grouped } from "@convoy/parallel/progress";
import { initialWeightsRows } from "./initial_weights_rows.ts";
import type { ResumedFrom, RunDescription } from "./run_description.ts";

/** What is trained, on what and with what: the first lines of a run. */
export function startLines(description: RunDescription, start: StartEvent, columns: number): string[] {
  const { dataset, normalization, model, optimizer, kernels, runFolder, initialWeights, resumedFrom } = description;
  const isUsual = isSameNormalization(normalization, standardNormalization);
  const { parameters, workers, requestedWorkers, shards, batchSize, images, validationImages, seed } = start;
  const shape = dataset.train.shape.join(" × ");
  const training = `${grouped(images)} training`;
  const learning = validationImages === undefined ? training : `${training}, ${grouped(validationImages)} validation`;
  const data = `${learning} and ${grouped(dataset.test.labels.length)} test images, ${shape}`;
  const idle = requestedWorkers - workers;
  const few = `${idle} of ${requestedWorkers} workers not started: a batch has only ${counted(shards, "shard")}`;
  return [
    ...facts(
      [
        ["Data", `${dataset.name}: ${data}, from ${description.dataSource}`],
        ...(isUsual ? [] : [["Pixels", normalizationText(normalization)] as const]),
        ["Network", `${model}: ${grouped(parameters)} parameters`],
        ["Training", `${counted(start.epochs, "epoch")}, ${optimizerText(optimizer)}, seed ${seed}`],
        ...(initialWeights === undefined ? [] : initialWeightsRows(initialWeights)),
        [
          "Threads",
          `${counted(workers, "worker")}, batches of ${batchSize} in ${counted(shards, "shard")}, ${kernels} kernels`,
        ],
        ...(idle > 0 ? [["", few] as const] : []),
        ["Run", `${runFolder.name}; Ctrl-C stops and saves`],
        ...(resumedFrom === undefined ? [] : [["Resumed", resumedText(resumedFrom)] as const]),
      ],
      columns,
    ),
    "",
  ];
}

function resumedText({ epoch, step }: ResumedFrom): string {
  return `after ${counted(step, "step")}, in epoch ${epoch + 1}`;
}

function optimizerText(optimizer: Optimizer): string {
  const { kind, learningRate, weightDecay } = optimizer;
  const words = [`${optimizers[kind].title}, learning rate ${learningRate}`];
  if (optimizer.kind === "sgd" && optimizer.momentum > 0) {
    words.push(`${optimizer.nesterov ? "Nesterov momentum" : "momentum"} ${optimizer.momentum}`);
  }
  if (weightDecay > 0) words.push(`weight decay ${weightDecay}`);
  return words.join(", ");
}
