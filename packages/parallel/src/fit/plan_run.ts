import { randomUUID } from "node:crypto";
import { createImageStore, stateCount, type ImageData, type ImageStore } from "@convoy/core";
import { spinsFor } from "../control/spins.ts";
import { ParallelError } from "../errors.ts";
import { allocate } from "../plan/addresses.ts";
import { planLayout } from "../plan/layout.ts";
import { largestSubtree, planStep } from "../plan/plan.ts";
import { stepPhases } from "../worker/step_clock.ts";
import type { Run, RunStart } from "../worker/task.ts";
import type { CheckedOptions } from "./options.ts";
import type { LoadedData } from "./loaded_data.ts";
import type { TrainableModel } from "./trainable_model.ts";

/** Depends on the batch size alone, because the order in which losses are added decides their last digits. */
function chunkSize(batchSize: number): number {
  return Math.min(Math.max(batchSize, 32), 256);
}

/** Who computes what. Needs no data, so that threads can start before there is any. */
export function planStart(model: TrainableModel, options: CheckedOptions): RunStart {
  const { shards, workers, batchSize, validation } = options;
  const plan = planStep(shards, workers, model.weights.length + 2);
  const chunk = chunkSize(batchSize);
  const capacity = Math.max(largestSubtree(plan, batchSize), validation === undefined ? 1 : chunk);
  return { id: randomUUID(), spec: model.spec, capacity, plan, chunk };
}

/**
 * Checks and shares the data, and lays out the memory, with the model's weights in it.
 *
 * @throws `DATA_…` of `@convoy/core` for impossible data; `FIT_DATA` when images have another shape than the model's
 * input; `MEMORY_LIMIT` when it does not fit
 */
export function planRun(
  model: TrainableModel,
  data: LoadedData,
  options: CheckedOptions,
  start: RunStart,
  replicaWrapper: Run["replicaWrapper"],
): Run {
  const { batchSize, optimizer, seed, timings, checkpoint } = options;
  const { plan, chunk } = start;
  const { training, validation } = data;
  const store = sharedStore(training, model, "the training images");
  const evaluation = validation === undefined ? undefined : sharedStore(validation, model, "the validation images");
  const layout = planLayout({
    parameterCount: model.weights.length,
    stateCount: stateCount(optimizer),
    workers: plan.workers,
    subtrees: plan.subtrees.length,
    stepsPerEpoch: Math.ceil(store.count / batchSize),
    chunks: evaluation === undefined ? 0 : Math.ceil(evaluation.count / chunk),
    timingsPerStep: timings ? stepPhases.length : 0,
    snapshot: checkpoint !== undefined,
  });
  const memory = allocate(layout);
  new Float32Array(memory.buffer, layout.parameters[0], layout.parameterCount).set(model.weights);
  return {
    ...start,
    memory,
    layout,
    store,
    evaluation,
    optimizer,
    batchSize,
    seed,
    timed: timings,
    spins: spinsFor(plan.workers),
    replicaWrapper,
  };
}

function sharedStore(data: ImageData, { inputShape, classes }: TrainableModel, what: string): ImageStore {
  const store = createImageStore(data, classes, { shared: true });
  if (store.shape.every((size, i) => size === inputShape[i])) return store;
  throw new ParallelError(
    "FIT_DATA",
    `the model takes images of [${inputShape.join(", ")}]; ${what} are of [${store.shape.join(", ")}].`,
  );
}
