import type { Dataset } from "@convoy/datasets";
import { printable } from "@convoy/core/training";
import type { Environment } from "../environment.ts";
import { UsageError } from "../errors.ts";
import { loadChosenDataset, type DatasetName } from "../options/data_options.ts";
import { dataFingerprint } from "./data_fingerprint.ts";
import { runData } from "./run_data.ts";
import { checkFits, type TrainedNetwork } from "./trained_network.ts";

/** What the user may choose instead of the data that the network was trained on. */
export interface ChosenData {
  readonly dataset: DatasetName | undefined;
  readonly "data-dir": string | undefined;
}

/**
 * Loads the data that a network is asked about: what the user names, else the data of its own run, else the published set
 * that its file names. Nothing is taken for it that nobody named.
 *
 * @throws UsageError WEIGHTS_DATA when nothing names the data; WEIGHTS_DATASET when it does not fit; RUN_DATA, and the codes of
 *   `@convoy/datasets`
 */
export async function loadTrainedData(
  network: TrainedNetwork,
  { dataset, "data-dir": directory }: ChosenData,
  environment: Environment,
): Promise<Dataset> {
  const { classNames } = network;
  if (dataset !== undefined || directory !== undefined) {
    const chosen = await loadChosenDataset({ name: dataset, directory, classNames }, environment);
    checkFits(network, chosen);
    return chosen;
  }
  const ofRun = await runData(network.file.path);
  const name = ofRun?.published ?? (ofRun === undefined ? network.published : undefined);
  if (ofRun === undefined && name === undefined) throw nameless(network);
  const loaded = await loadChosenDataset({ name, directory: ofRun?.folder, classNames }, environment).catch(
    (error: unknown) => {
      if (!(error instanceof UsageError) || ofRun?.folder === undefined) throw error;
      throw new UsageError(
        error.code,
        `${error.message.slice(error.code.length + 2)} ${ofRun.runFile} names this folder; where the data lie elsewhere now, ` +
          "give it with --data-dir.",
        { cause: error },
      );
    },
  );
  checkFits(network, loaded);
  if (ofRun === undefined || loaded.verified) return loaded;
  if (ofRun.sha256 !== dataFingerprint(loaded)) {
    environment.stderr.write(
      `The data in ${loaded.source} are not those that the run was trained on: they were changed.\n`,
    );
  }
  return loaded;
}

function nameless({ file, dataset }: TrainedNetwork): UsageError {
  const own = dataset === undefined ? "" : ` beyond the name ${printable(dataset)}`;
  return new UsageError(
    "WEIGHTS_DATA",
    `${file.name} does not say${own} which data it was trained on, and lies in no run that does. Give --data-dir or --dataset.`,
  );
}
