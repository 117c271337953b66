import { randomUUID } from "node:crypto";
import { planBytes, stateCount } from "@convoy/core/training";
import { usableCores } from "../machine/usable_cores.ts";
import { allocate, checkThreads } from "../plan/addresses.ts";
import { planLayout } from "../plan/layout.ts";
import { largestPart, partsOf, planStep } from "../plan/plan.ts";
import { shardsAtOnce, shardsInFinePart } from "../plan/shards.ts";
import { stepPhases } from "../worker/step_clock.ts";
import type { Run, RunStart } from "../worker/task.ts";
import type { CheckedOptions } from "./options.ts";
import type { SharedImages } from "./shared_images.ts";
import type { TrainableModel } from "./trainable_model.ts";

/** Depends on the batch size alone, because the order in which losses are added decides their last digits. */
function chunkSize(batchSize: number): number {
  return Math.min(Math.max(batchSize, 32), 256);
}

/**
 * Who computes what. Needs no data, so that threads can start before there is any.
 *
 * @param cores threads that can compute at the same time; more workers stand by
 * @throws `MEMORY_LIMIT` when the threads would take more than this machine has
 */
export function planStart(model: TrainableModel, options: CheckedOptions, cores: number = usableCores()): RunStart {
  const { shards, workers, batchSize, validation, validationSplit, test } = options;
  const floats = model.weights.length + 2;
  const most = shardsAtOnce(batchSize, shards, floats);
  const plan = planStep({ shards, workers, cores, floats, most, least: shardsInFinePart(shards, floats) });
  const chunk = chunkSize(batchSize);
  const isEvaluated = validation !== undefined || validationSplit !== undefined || test !== undefined;
  const capacity = Math.max(largestPart(plan, batchSize), isEvaluated ? chunk : 1);
  const { spec } = model;
  if (spec.kind === "planned") checkThreads(planBytes(spec.model, capacity), plan.workers);
  return { id: randomUUID(), spec, capacity, plan, chunk };
}

/**
 * Lays out the memory, with the model's weights in it.
 *
 * @throws `MEMORY_LIMIT` when it does not fit
 */
export function planRun(
  model: TrainableModel,
  images: SharedImages,
  options: CheckedOptions,
  start: RunStart,
  replicaWrapper: Run["replicaWrapper"],
): Run {
  const { batchSize, optimizer, seed, timings, checkpoint } = options;
  const { plan, chunk } = start;
  const { training: store, validation, test } = images;
  const layout = planLayout({
    parameterCount: model.weights.length,
    stateCount: stateCount(optimizer),
    workers: plan.workers,
    parts: partsOf(plan),
    stepsPerEpoch: Math.ceil(store.count / batchSize),
    chunks: Math.ceil(Math.max(validation?.count ?? 0, test?.count ?? 0) / chunk),
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
    validation,
    test,
    optimizer,
    batchSize,
    seed,
    timed: timings,
    replicaWrapper,
  };
}
