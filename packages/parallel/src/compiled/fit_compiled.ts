import type { AnyLayersModel } from "@convoy/core/tape";
import { randomUUID } from "node:crypto";
import { spinsFor } from "../control/spins.ts";
import { controlBytes } from "../control/words.ts";
import { ParallelError } from "../errors.ts";
import { patienceAfter } from "../fit/patience.ts";
import type { TrainerSettings } from "../fit/workers.ts";
import { planStep } from "../plan/plan.ts";
import { ThreadPool } from "../pool/thread_pool.ts";
import { CompiledTraining } from "./compiled_training.ts";
import { checkLayersOptions, type LayersFitOptions } from "./options.ts";
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
  const { compiledModelSpec, setModelOptimizerState, setModelWeights, stateOfSlots, stepCost } =
    await import("@convoy/core/tape");
  const spec = await refusable(
    compiledModelSpec(model, (floats) => new Float32Array(new SharedArrayBuffer(floats * 4))),
  );
  const { workers, modelModule, batchSize, seed, shuffle } = checked;
  const shards = checked.shards ?? shardsFor(stepCost(model), batchSize);
  const samples = await runSamples(model, data, checked);
  const plan = planStep(shards, workers, 0);
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
    spins: spinsFor(plan.workers),
    replicaWrapper: settings.replicaWrapper,
  };
  const pool = await ThreadPool.open(plan.workers, settings, "compiled");
  const training = new CompiledTraining(run, checked, pool, started, settings.hangMilliseconds);
  let patience = patienceAfter(undefined);
  try {
    return await training.train();
  } catch (error) {
    patience = patienceAfter(error);
    throw error;
  } finally {
    // First the threads: then nobody writes to the weights any more.
    await pool.destroy(patience);
    setModelWeights(model, training.weights);
    const { optimizerState: state } = training;
    if (state !== undefined) await setModelOptimizerState(model, stateOfSlots(state.slots, state.steps, state.flat));
  }
}

/** What main and threads refuse comes as one class of error, whoever finds it. */
async function refusable<Result>(result: Promise<Result>): Promise<Result> {
  try {
    return await result;
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error)) throw error;
    const code = String(error.code);
    throw new ParallelError(code, error.message.slice(code.length + 2), { cause: error });
  }
}
