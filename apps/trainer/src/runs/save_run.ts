import { cpus, availableParallelism } from "node:os";
import path from "node:path";
import process from "node:process";
import { atomicWrite, saveModel } from "@convoy/core";
import type { FitResult } from "@convoy/parallel";
import type { TrainingJob } from "../training/training_job.ts";
import { programVersion } from "../version.ts";
import { encodeRunFile, runFileName } from "./run_file.ts";
import { weightsFileName, type WeightsFile } from "./weights_file.ts";
import { encodeMetadata } from "./weights_metadata.ts";

export interface RunOutcome {
  readonly epochs: number;
  readonly steps: number;
  readonly testAccuracy: number | undefined;
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
  const { runFolder, dataset, normalization } = description;
  const file = path.join(runFolder.path, weightsFileName);
  const { epochs, testAccuracy } = outcome;
  const { classNames } = dataset;
  const facts = { dataset: dataset.name, normalization, classNames, epochs, seed: options.seed, testAccuracy };
  await saveModel(model, file, encodeMetadata(facts));
  const record = {
    convoy: await programVersion(),
    settings: {
      dataset: dataset.name,
      dataSource: dataset.source,
      publishedData: dataset.verified,
      model: description.model,
      normalization,
      ...options,
    },
    machine: {
      node: process.versions.node,
      platform: `${process.platform}-${process.arch}`,
      processor: cpus()[0]?.model,
      cores: availableParallelism(),
    },
    weightsSha256: model.weightsSha256(),
    ...outcome,
  };
  await atomicWrite(path.join(runFolder.path, runFileName), encodeRunFile(record));
  return { path: file, name: path.join(runFolder.name, weightsFileName) };
}
