import { loadModel, readMetadata, type Normalization, type Sequential } from "@convoy/core/training";
import { DEFAULT_NORMALIZATION, type Dataset } from "@convoy/datasets";
import { asInput, UsageError } from "../errors.ts";
import { datasetNames, type DatasetName } from "../options/data_options.ts";
import { findWeights, type WeightsFile } from "./weights_file.ts";
import { decodeMetadata } from "./weights_metadata.ts";

/** A network with its weights, and what the file says of the data that it was trained on. */
export interface TrainedNetwork {
  readonly file: WeightsFile;
  readonly model: Sequential;
  readonly normalization: Normalization;
  readonly dataset: DatasetName | undefined;
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
  const { dataset, normalization = DEFAULT_NORMALIZATION, classNames } = decodeMetadata(metadata);
  return {
    file,
    model,
    normalization,
    dataset: datasetNames.find((name) => name === dataset),
    classNames:
      classNames?.length === model.classes ? classNames : Array.from({ length: model.classes }, (_, i) => String(i)),
  };
}

/** @throws UsageError WEIGHTS_DATASET when images or classes of the data set are not those of the network */
export function checkFits({ model, file }: TrainedNetwork, dataset: Dataset): void {
  const { shape } = dataset.test;
  if (shape.every((size, i) => size === model.inputShape[i]) && dataset.classes === model.classes) return;
  throw new UsageError(
    "WEIGHTS_DATASET",
    `the network in ${file.name} takes images of ${model.inputShape.join(" × ")} and knows ${model.classes} classes; ` +
      `${dataset.name} from ${dataset.source} has ${shape.join(" × ")} and ${dataset.classes}.`,
  );
}
