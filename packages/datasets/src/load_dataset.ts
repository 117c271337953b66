import type { Dataset } from "./dataset.ts";
import { DatasetError } from "./errors.ts";
import { loadFashionMnist } from "./fashion_mnist.ts";
import { loadMnist } from "./mnist.ts";
import type { LoadOptions } from "./published_dataset.ts";

const LOADERS: ReadonlyMap<string, (options: LoadOptions) => Promise<Dataset>> = new Map([
  ["mnist", loadMnist],
  ["fashion-mnist", loadFashionMnist],
]);

/** Every name that `loadDataset` knows. */
export const DATASET_NAMES: readonly string[] = [...LOADERS.keys()];

/**
 * Loads a data set by its name.
 *
 * @param name "mnist" or "fashion-mnist".
 * @param options See `loadMnist` and `loadFashionMnist`.
 * @throws DATASET_UNKNOWN listing the names, and what the loader of that name throws.
 * @example
 * const { train, test, classes } = await loadDataset("mnist");
 * classes // 10
 */
export async function loadDataset(name: string, options: LoadOptions = {}): Promise<Dataset> {
  const load = LOADERS.get(name);
  if (load === undefined) {
    throw new DatasetError(
      "DATASET_UNKNOWN",
      `there is no data set "${name}". Choose one of ${DATASET_NAMES.join(", ")}.`,
    );
  }
  return load(options);
}
