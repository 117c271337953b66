import type { AnyLayersModel, LiveModel } from "@convoy/tfjs/tape";
import { randomUUID } from "node:crypto";
import { controlBytes } from "../control/words.ts";
import { patienceAfter } from "../fit/patience.ts";
import type { TrainerSettings } from "../fit/workers.ts";
import { dealStep } from "../plan/dealt_plan.ts";
import { ThreadPool } from "../pool/thread_pool.ts";
import { CompiledTraining } from "./compiled_training.ts";
import { checkLayersOptions, type CheckedLayersOptions, type LayersFitOptions } from "./options.ts";
import { refusable } from "./refusable.ts";
import type { LayersFitResult } from "./result.ts";
import { shardsFor } from "./shards_for.ts";
import { runSamples } from "./run_samples.ts";
import type { LayersData } from "./samples.ts";
import type { CompiledRun } from "./task.ts";

/** `fit` for a compiled tfjs-layers model. */
export async function fitCompiled(
  model: AnyLayersModel,
  data: LayersData,
  settings: TrainerSettings,
  options: LayersFitOptions = {},
): Promise<LayersFitResult> {
  const started = performance.now();
  const checked = checkLayersOptions(options);
  const { compiledModelSpec, LiveModel, stepCost } = await import("@convoy/tfjs/tape");
  const spec = await refusable(async () =>
    compiledModelSpec(model, (floats) => new Float32Array(new SharedArrayBuffer(floats * 4))),
  );
  const { workers, modelModule, batchSize, seed, shuffle } = checked;
  const shards = checked.shards ?? shardsFor(stepCost(model), batchSize);
  const samples = await runSamples(model, data, checked);
  const plan = dealStep(shards, workers);
  const run: CompiledRun = {
    id: randomUUID(),
    spec,
    modelModule,
    plan,
    control: new Int32Array(new SharedArrayBuffer(controlBytes(plan.workers))),
    ...samples,
    batchSize,
    seed,
    shuffle,
    replicaWrapper: settings.replicaWrapper,
  };
  const live = new LiveModel(model);
  await refusable(() => live.begin());
  try {
    return await trainCompiled(run, checked, settings, live, started);
  } finally {
    live.end();
  }
}

async function trainCompiled(
  run: CompiledRun,
  options: CheckedLayersOptions,
  settings: TrainerSettings,
  live: LiveModel,
  started: number,
): Promise<LayersFitResult> {
  const pool = await ThreadPool.open(run.plan.workers, settings, "compiled");
  const training = new CompiledTraining(run, options, pool, started, live, settings.hangMilliseconds);
  let patience = patienceAfter(undefined);
  try {
    return await training.train();
  } catch (error) {
    patience = patienceAfter(error);
    throw error;
  } finally {
    // First the threads: then nobody writes to the weights any more.
    await pool.destroy(patience);
    await training.giveBack();
  }
}
