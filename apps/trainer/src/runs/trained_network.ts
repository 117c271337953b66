import {
  loadModel,
  normalizationText,
  readMetadata,
  standardNormalization,
  type Normalization,
  type Sequential,
} from "@convoy/core/training";
import type { Dataset } from "@convoy/datasets";
import type { Environment } from "../environment.ts";
import { asInput, UsageError } from "../errors.ts";
import {
  datasetNames,
  normalizationFrom,
  type DatasetName,
  type NormalizationValues,
} from "../options/data_options.ts";
import { findWeights, type WeightsFile } from "./weights_file.ts";
import { decodeMetadata } from "./weights_metadata.ts";

/** A network with its weights, and what the file says of the data that it was trained on. */
export interface TrainedNetwork {
  readonly file: WeightsFile;
  readonly model: Sequential;
  /** The name of the data set, if there is one. */
  readonly dataset: string | undefined;
  /** The same, where it is the name of a published set. */
  readonly published: DatasetName | undefined;
  /** One a class; numbers when the file has no names. */
  readonly classNames: readonly string[];
}

/**
 * Loads the weights that the user named, or those of the newest run.
 *
 * @throws UsageError RUN_NOT_FOUND, and the CHECKPOINT codes of `@convoy/core`
 */
export async function loadTrainedNetwork(given: string | undefined, directory: string): Promise<TrainedNetwork> {
  const file = await findWeights(given, directory);
  const { model, metadata } = await asInput(async () => ({
    model: await loadModel(file.path),
    metadata: await readMetadata(file.path),
  }));
  const { dataset, isPublished } = decodeMetadata(metadata);
  return {
    file,
    model,
    dataset,
    published: isPublished ? datasetNames.find((name) => name === dataset) : undefined,
    classNames: model.classNames ?? Array.from({ length: model.classes }, (_, i) => String(i)),
  };
}

/**
 * How bytes become the network's numbers: as the user says, or as the file says. What is only assumed is told.
 *
 * @throws UsageError MODEL_NORMALIZATION when the network was trained on floats, and the user says nothing
 */
export function normalizationOf(
  { file, model }: TrainedNetwork,
  values: NormalizationValues,
  { stderr }: Environment,
): Normalization {
  const { normalization: own } = model;
  const given = values.mean !== undefined && values.deviation !== undefined;
  if (own === null && !given) {
    throw new UsageError(
      "MODEL_NORMALIZATION",
      `the network in ${file.name} was trained on floats, so it does not say how bytes become numbers. Give --mean and --deviation.`,
    );
  }
  const base = own ?? standardNormalization;
  if (own === undefined && !given) {
    stderr.write(`${file.name} does not say how bytes become numbers; assumed: ${normalizationText(base)}.\n`);
  }
  return normalizationFrom(values, base);
}

/** @throws UsageError WEIGHTS_DATASET when images or classes of the data set are not those of the network */
export function checkFits({ model, file }: TrainedNetwork, dataset: Dataset): void {
  const { shape } = dataset.test;
  const fits = shape.every((size, i) => size === model.inputShape[i]) && dataset.classes === model.classes;
  const { classNames: own } = model;
  const other = own?.findIndex((name, i) => name !== dataset.classNames[i]) ?? -1;
  if (fits && other === -1) return;
  const what = fits
    ? `calls class ${other} ${own?.[other]}; ${dataset.name} from ${dataset.source} calls it ${dataset.classNames[other]}.`
    : `takes images of ${model.inputShape.join(" × ")} and knows ${model.classes} classes; ` +
      `${dataset.name} from ${dataset.source} has ${shape.join(" × ")} and ${dataset.classes}.`;
  throw new UsageError("WEIGHTS_DATASET", `the network in ${file.name} ${what} Give the data of its own classes.`);
}
