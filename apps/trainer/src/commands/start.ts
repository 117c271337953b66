import path from "node:path";
import type { Dataset } from "@convoy/datasets";
import { Interruption, interruptionOf, type Environment } from "../environment.ts";
import { asInput, UsageError } from "../errors.ts";
import { chooseKernels } from "../kernels/choose_kernels.ts";
import { loadChosenDataset, published, type NetworkData } from "../options/data_options.ts";
import { startOptions, type StartValues } from "../options/start_options.ts";
import { trainingSettings, type TrainingSettings } from "../options/training_settings.ts";
import { jsonReporter, writeJson } from "../progress/json_reporter.ts";
import { PeopleReporter } from "../progress/people_reporter.ts";
import type { Reporter } from "../progress/reporter.ts";
import type { RunDescription } from "../progress/run_description.ts";
import { errorEvent } from "../report_error.ts";
import { dataFingerprint } from "../runs/data_fingerprint.ts";
import { MetricsFile, metricsFileName } from "../runs/metrics_file.ts";
import { RunLock } from "../runs/run_lock.ts";
import { nameFrom } from "../terminal/name_from.ts";
import { checkRunFolder, defaultRunFolder, makeRunFolder, removeUnused, type RunFolder } from "../runs/run_folder.ts";
import { train } from "../training/train.ts";
import type { LoadingJob } from "../training/training_job.ts";
import { defineCommand, type Command } from "./command.ts";

export const start: Command = defineCommand({
  name: "start",
  summary: "train a network, and save its weights",
  description:
    "Trains a network on all cores and evaluates it on the test images after every epoch. Without options it is the " +
    "PyTorch program that Convoy started from: MNIST, batches of 64, SGD with momentum 0.9, 10 epochs. The same seed, " +
    "data and settings give the same weights, bit for bit, for any number of workers. Ctrl-C stops at the next step " +
    "and saves; a second one ends at once.",
  options: startOptions,
  stopsGently: true,
  examples: [
    "start",
    "start --epochs 2 --workers 1",
    "start --dataset fashion-mnist --model fast --optimizer adam --target-accuracy 0.9",
    "start --epochs 1 --json --quiet",
  ],
  run: async ({ values }, environment) => {
    const settings = trainingSettings(values);
    const name = values["run-dir"] ?? namedByDefault(values);
    const runFolder = { name, path: path.resolve(environment.directory, name) };
    await checkRunFolder(runFolder);
    const job = await prepare(values, settings, runFolder, environment);
    if (environment.signal.aborted) return stoppedEarly(environment);
    const isNew = await makeRunFolder(runFolder);
    const lock = RunLock.take(runFolder);
    try {
      // Another process may have been here between the check and the lock.
      await checkRunFolder(runFolder);
      return await trainInFolder(job, values, environment);
    } catch (error) {
      if (error instanceof Interruption) return stoppedEarly(environment);
      throw error;
    } finally {
      lock.release();
      if (isNew) await removeUnused(runFolder);
    }
  },
});

async function trainInFolder(job: LoadingJob, values: StartValues, environment: Environment): Promise<number> {
  const shown = chooseReporters(values, environment);
  const metrics = new MetricsFile(path.join(job.runFolder.path, metricsFileName), ({ message }) => {
    const name = path.join(job.runFolder.name, metricsFileName);
    const warning = `METRICS_WRITE: ${name} cannot be written: ${message}. Its lines wait in memory; make room for them.`;
    for (const reporter of shown) reporter.event({ event: "warning", code: "METRICS_WRITE", message: warning });
  });
  const reporters = [...shown, jsonReporter(metrics)];
  try {
    return await train(job, reporters, environment.signal);
  } catch (error) {
    if (!(error instanceof Interruption || error instanceof UsageError)) writeJson(metrics, errorEvent(error));
    throw error;
  } finally {
    for (const reporter of reporters) reporter.close();
    metrics.close();
  }
}

function namedByDefault({ dataset, model }: StartValues): string {
  return defaultRunFolder({ started: new Date(), dataset, model: model.name });
}

async function prepare(
  values: StartValues,
  { optimizer, normalization, workers, shards }: TrainingSettings,
  runFolder: RunFolder,
  environment: Environment,
): Promise<LoadingJob> {
  const { dataset: datasetName, model: network, seed, epochs } = values;
  const directory = values["data-dir"];
  const loading = foretold(loadChosenDataset(datasetName, directory, normalization, environment));
  // Threads start while a published set loads, because its shape is known; own data has to be read for that.
  const input = directory === undefined ? published[datasetName] : inputOf(await loading);
  const model = await asInput(() => network.build({ ...input, seed }));
  const tell = (line: string): void => {
    if (!values.quiet) environment.stderr.write(`${line}\n`);
  };
  // As late as can be, because it may take seconds, and before the first WebAssembly is compiled.
  const kernels = await chooseKernels(values.kernels, model.toJSON(), { signal: environment.signal, tell });
  const targetAccuracy = values["target-accuracy"];
  const describe = (dataset: Dataset): RunDescription => ({
    dataset,
    dataSource: nameFrom(environment.directory, dataset.source),
    dataSha256: dataFingerprint(dataset),
    model: network.name,
    optimizer,
    normalization,
    kernels,
    runFolder,
  });
  return {
    description: foretold(loading.then(describe)),
    runFolder,
    model,
    options: { kernels, optimizer, epochs, batchSize: values["batch-size"], workers, shards, seed, targetAccuracy },
  };
}

/** `train` will tell of its failure: that this may come before anyone waits for it is no crash. */
function foretold<Result>(promise: Promise<Result>): Promise<Result> {
  promise.catch(() => {});
  return promise;
}

function inputOf({ train: { shape }, classes }: Dataset): NetworkData {
  return { inputShape: shape, classes };
}

function chooseReporters({ json, quiet }: StartValues, { stdout, stderr }: Environment): Reporter[] {
  if (!json) return [new PeopleReporter(stdout, quiet)];
  return quiet ? [jsonReporter(stdout)] : [jsonReporter(stdout), new PeopleReporter(stderr, false)];
}

function stoppedEarly({ signal, stderr }: Environment): number {
  const { message, exitCode } = interruptionOf(signal);
  stderr.write(`Stopped by ${message} before training began; there is nothing to save.\n`);
  return exitCode;
}
