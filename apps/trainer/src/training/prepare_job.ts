import { printableLine } from "@convoy/core/training";
import path from "node:path";
import { DEFAULT_NORMALIZATION, type Dataset } from "@convoy/datasets";
import type { Environment } from "../environment.ts";
import { asInput } from "../errors.ts";
import { CheckDisplay } from "../kernels/check_display.ts";
import { chooseKernels } from "../kernels/choose_kernels.ts";
import type { KernelChoice } from "../kernels/kernel_choice.ts";
import { loadChosenDataset, normalizationFrom, published, type NetworkData } from "../options/data_options.ts";
import { trainingSettings } from "../options/training_settings.ts";
import type { RunDescription } from "../progress/run_description.ts";
import { dataFingerprint } from "../runs/data_fingerprint.ts";
import { loadInitialWeights, originMetadata, savedInitialWeights } from "../runs/initial_weights.ts";
import type { RunFolder } from "../runs/run_folder.ts";
import type { SavedRun } from "../runs/saved_run.ts";
import { optionsMetadata, type ParsedStart } from "../runs/run_options.ts";
import { nameFrom } from "../terminal/name_from.ts";
import type { LoadingJob } from "./training_job.ts";

/**
 * Makes a run of what the user gave: network, kernels, and data that goes on loading.
 *
 * @throws UsageError for what cannot work; KernelsError when wide kernels are demanded and must not run
 */
export async function prepareJob(
  { values, given }: ParsedStart,
  runFolder: RunFolder,
  environment: Environment,
  run?: SavedRun,
): Promise<LoadingJob> {
  const { optimizer, workers, shards } = trainingSettings(values);
  const { dataset: datasetName, model: network, seed, epochs, "data-dir": directory } = values;
  const name = given.has("dataset") || directory === undefined ? datasetName : undefined;
  const loading = foretold(loadChosenDataset({ name, directory }, environment));
  // Threads start while a published set loads, because its shape is known; own data has to be read for that.
  const input = directory === undefined ? published[datasetName] : inputOf(await loading);
  const model = await asInput(() => network.build({ ...input, seed }));
  const initialWeights =
    run === undefined
      ? await loadInitialWeights(model, values, environment.directory)
      : savedInitialWeights(run.checkpoint, environment.directory);
  // Weights are trained on as they were before; a run, as it was begun.
  const before = run?.checkpoint.model?.normalization ?? model.normalization;
  const normalization = normalizationFrom(values, before ?? DEFAULT_NORMALIZATION);
  model.normalization = normalization;
  const tell = (line: string): void => {
    if (!values.quiet) environment.stderr.write(`${printableLine(line)}\n`);
  };
  const display = values.quiet ? undefined : new CheckDisplay(environment.stderr);
  // As late as can be, because it may take seconds, and before the first WebAssembly is compiled.
  const kernels = await chooseKernels(kernelsOf(values.kernels, run), model.toJSON(), {
    signal: environment.signal,
    tell,
    display,
  });
  const { "batch-size": batchSize, "target-accuracy": targetAccuracy, "validation-split": validationSplit } = values;
  // Whoever resumes it may stand elsewhere.
  const dataFolder = directory === undefined ? undefined : path.resolve(environment.directory, directory);
  const describe = (dataset: Dataset): RunDescription => ({
    dataset,
    dataSource: nameFrom(environment.directory, dataset.source),
    dataFolder,
    dataSha256: dataFingerprint(dataset),
    model: network.name,
    optimizer,
    normalization,
    kernels,
    runFolder,
    initialWeights,
    resumedFrom: run === undefined ? undefined : positionOf(run),
  });
  return {
    description: foretold(loading.then(describe)),
    runFolder,
    model,
    options: {
      kernels,
      optimizer,
      epochs,
      batchSize,
      workers,
      shards,
      seed,
      maxRestarts: values["max-restarts"],
      targetAccuracy,
      validationSplit,
    },
    saving: {
      rhythm: values["checkpoint-every"],
      keep: values.keep,
      metadata: { ...optionsMetadata(given, dataFolder), ...originMetadata(initialWeights) },
    },
    resumed: run === undefined ? undefined : { run, override: values.override },
  };
}

/** `train` will tell of its failure: that this may come before anyone waits for it is no crash. */
function foretold<Result>(promise: Promise<Result>): Promise<Result> {
  promise.catch(() => {});
  return promise;
}

/** Without the rest of the checkpoint, which no one wants to read in an event. */
function positionOf({ checkpoint: { epoch, step } }: SavedRun): RunDescription["resumedFrom"] {
  return { epoch, step };
}

function inputOf({ train: { shape }, classes }: Dataset): NetworkData {
  return { inputShape: shape, classes };
}

/**
 * Other kernels give other bits, so a run goes on with those that it has: one that began with narrow kernels, where the wide ones
 * could not be checked for example, asks no more.
 */
function kernelsOf(chosen: KernelChoice, run: SavedRun | undefined): KernelChoice {
  return chosen === "auto" && run?.checkpoint.settings["kernels"] === "narrow" ? "narrow" : chosen;
}
