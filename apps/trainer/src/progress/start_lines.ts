import type { Optimizer } from "@convoy/core";
import type { StartEvent } from "@convoy/parallel";
import { counted, grouped } from "../terminal/numbers.ts";
import type { RunDescription } from "./run_description.ts";

/** What is trained, on what and with what: the first lines of a run. */
export function startLines(
  { dataset, model, optimizer, kernels, runFolder }: RunDescription,
  start: StartEvent,
): string[] {
  const { parameters, workers, requestedWorkers, shards, batchSize, images, seed } = start;
  const shape = dataset.train.shape.join(" × ");
  const data = `${grouped(images)} training and ${grouped(dataset.test.labels.length)} test images, ${shape}`;
  const lines = [
    `Data     ${dataset.name}: ${data}, from ${dataset.source}`,
    `Network  ${model}: ${grouped(parameters)} parameters; ${optimizerText(optimizer)}; seed ${seed}`,
    `Threads  ${counted(workers, "worker")}, batches of ${batchSize} in ${counted(shards, "shard")}, ${kernels} kernels`,
  ];
  if (requestedWorkers > workers) {
    const idle = requestedWorkers - workers;
    lines.push(
      `         ${idle} of ${requestedWorkers} workers not started: there are no more than ${counted(shards, "shard")}` +
        ` to work on (--shards, --batch-size)`,
    );
  }
  lines.push(`Run      ${runFolder.name}; Ctrl-C stops and saves`, "");
  return lines;
}

function optimizerText(optimizer: Optimizer): string {
  const { kind, learningRate, weightDecay } = optimizer;
  const words = [`${kind === "sgd" ? "SGD" : "Adam"}, learning rate ${learningRate}`];
  if (optimizer.kind === "sgd" && optimizer.momentum > 0) {
    words.push(`${optimizer.nesterov ? "Nesterov momentum" : "momentum"} ${optimizer.momentum}`);
  }
  if (weightDecay > 0) words.push(`weight decay ${weightDecay}`);
  return words.join(", ");
}
