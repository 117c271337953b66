import type { Dataset, PictureFit } from "./dataset.ts";
import { DatasetError } from "./errors.ts";
import { loadIdxFolder, type IdxChecksums } from "./idx_folder.ts";
import { checkNormalization, type Normalization } from "./normalization.ts";

export interface LoadOptions {
  /** Folder of the four IDX files. Default: see the loader. */
  readonly dataDir?: string | undefined;
  /** Default: none, so that a network's own is used, or { mean: 0.5, deviation: 0.5 }. */
  readonly normalization?: Normalization | undefined;
}

/** What tells one data set in MNIST's form from another. */
export interface PublishedDataset {
  readonly name: string;
  readonly classNames: readonly string[];
  readonly checksums: IdxChecksums;
  /** Where the files are when no folder is given. */
  readonly defaultFolder: () => string;
  readonly advice: string;
  readonly pictureFit?: PictureFit;
}

/**
 * Loads a data set that was published with known checksums, or own data in its form.
 *
 * A folder that the user gives may hold other data (`verified` is then false); a copy that is found without being
 * asked for must be the published one.
 *
 * @throws DATASET_NORMALIZATION, DATASET_CHECKSUM, and what `loadIdxFolder` throws.
 */
export async function loadPublished(published: PublishedDataset, options: LoadOptions): Promise<Dataset> {
  const { name, classNames, checksums, advice, pictureFit } = published;
  const { normalization } = options;
  if (normalization !== undefined) checkNormalization(normalization);
  const source = options.dataDir ?? published.defaultFolder();
  const { train, test, unknown } = await loadIdxFolder(source, {
    classNames,
    checksums,
    normalization,
    pictureFit,
    advice,
  });
  if (options.dataDir === undefined && unknown.length > 0) {
    throw new DatasetError(
      "DATASET_CHECKSUM",
      `${unknown.join(", ")}: the MD5 sum is not that of the published ${name}. ${advice}`,
    );
  }
  return { name, classes: classNames.length, classNames, train, test, source, verified: unknown.length === 0 };
}
