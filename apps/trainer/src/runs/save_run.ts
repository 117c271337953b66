import { cpus, availableParallelism, totalmem } from "node:os";
import path from "node:path";
import process from "node:process";
import { atomicWrite, saveModel } from "@convoy/core/training";
import type { FitResult } from "@convoy/parallel";
import type { TrainingJob } from "../training/training_job.ts";
import { programVersion } from "../version.ts";
import { encodeRunFile } from "./run_file.ts";
import { runFileName, weightsFileName } from "./run_names.ts";
import type { WeightsFile } from "./weights_file.ts";
import { encodeMetadata } from "./weights_metadata.ts";

export interface RunOutcome {
  readonly epochs: number;
  readonly steps: number;
  readonly testAccuracy: number | undefined;
  /** It came to its end, and nobody stopped it. */
  readonly finished: boolean;
  readonly result?: FitResult;
  readonly failure?: { readonly code: string; readonly message: string };
}

/**
 * Writes the weights of a run, and its settings and result beside them, each file whole or not at all.
 *
 * @throws CoreError CHECKPOINT_WRITE
 */
export async function saveRun(job: TrainingJob, outcome: RunOutcome): Promise<WeightsFile> {
  const { description, model, options } = job;
  const { runFolder, dataset } = description;
  const file = path.join(runFolder.path, weightsFileName);
  const { epochs, testAccuracy } = outcome;
  const { name, verified: publishedData } = dataset;
  const facts = { dataset: name, publishedData, epochs, seed: options.seed, testAccuracy };
  await saveModel(model, file, encodeMetadata(facts));
  await saveRunFile(job, outcome);
  return { path: file, name: path.join(runFolder.name, weightsFileName) };
}

/**
 * Writes what a run is and came to so far. First before it trains: so that a run which is killed can be told from others.
 *
 * @throws CoreError CHECKPOINT_WRITE
 */
export async function saveRunFile({ description, model, options }: TrainingJob, outcome: RunOutcome): Promise<void> {
  const { runFolder, dataset, dataSha256, normalization, initialWeights } = description;
  // Before anything waits: training changes the model.
  const weightsSha256 = model.weightsSha256();
  const record = {
    convoy: await programVersion(),
    settings: {
      dataset: dataset.name,
      dataSource: dataset.source,
      dataFolder: description.dataFolder,
      dataSha256,
      publishedData: dataset.verified,
      model: description.model,
      initFrom: initialWeights?.origin,
      normalization,
      ...options,
    },
    machine: {
      node: process.versions.node,
      v8: process.versions.v8,
      platform: `${process.platform}-${process.arch}`,
      processor: cpus()[0]?.model,
      cores: availableParallelism(),
      memory: totalmem(),
    },
    weightsSha256,
    ...outcome,
    ...(outcome.result === undefined ? {} : { result: withoutWeights(outcome.result) }),
  };
  await atomicWrite(path.join(runFolder.path, runFileName), encodeRunFile(record));
}

/** The best weights have a file of their own. */
function withoutWeights({ best, ...result }: FitResult): object {
  if (best === undefined) return result;
  const { weights: _, ...numbers } = best;
  return { ...result, best: numbers };
}
