import { basename, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Dataset } from "./dataset.ts";
import { FASHION_MNIST } from "./fashion_mnist.ts";
import { loadIdxFolder } from "./idx_folder.ts";
import { MNIST } from "./mnist.ts";
import { checkNormalization } from "./normalization.ts";
import type { LoadOptions } from "./published_dataset.ts";

export interface IdxDatasetOptions extends Pick<LoadOptions, "normalization"> {
  /** One a class. Default: as many classes as the labels say, and their numbers. */
  readonly classNames?: readonly string[] | undefined;
}

/**
 * Loads a data set of your own in MNIST's form. It has the name of its folder, and, unless names are given, as many classes
 * as its labels say, which are called by their numbers. A folder with the files of a published set is that set.
 *
 * @param folder of the four IDX files, plain or gzipped
 * @param options.normalization Default: none; a network's own is used, or { mean: 0.5, deviation: 0.5 }.
 * @param options.classNames One a class. Default: numbers.
 * @throws DATASET_NORMALIZATION, DATASET_NOT_FOUND, and the codes of a folder that is not whole or not consistent.
 * @example
 * const { name, classes } = await loadIdxDataset("data/letters");
 * name // "letters"
 */
export async function loadIdxDataset(
  folder: string,
  { normalization, classNames: given }: IdxDatasetOptions = {},
): Promise<Dataset> {
  if (normalization !== undefined) checkNormalization(normalization);
  const advice = "Give the folder with the four files of a data set in MNIST's form.";
  const found = await loadIdxFolder(folder, {
    classNames: given,
    checksums: MNIST.checksums,
    normalization,
    advice,
  });
  const known = [MNIST, FASHION_MNIST].find(({ checksums }) => isDeepStrictEqual(checksums, found.checksums));
  const { classNames = found.classNames, name = basename(resolve(folder)), pictureFit } = known ?? {};
  const said = { classNames, ...(pictureFit === undefined ? {} : { pictureFit }) };
  return {
    name: name === "" ? "data" : name,
    classes: classNames.length,
    classNames,
    train: { ...found.train, ...said },
    test: { ...found.test, ...said },
    source: folder,
    verified: known !== undefined,
  };
}
