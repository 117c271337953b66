import { hash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { ImageSet, PictureFit } from "./dataset.ts";
import { DatasetError } from "./errors.ts";
import { readIdx, type IdxTensor } from "./idx.ts";
import type { Normalization } from "./normalization.ts";
import { isSystemError } from "./system_error.ts";

const PARTS = ["train-images", "train-labels", "t10k-images", "t10k-labels"] as const;
type Part = (typeof PARTS)[number];

/** MD5 of each file's uncompressed bytes: packagers recompress the archives, the contents stay. */
export type IdxChecksums = Readonly<Record<Part, string>>;

export interface IdxFolder {
  readonly classNames: readonly string[];
  readonly train: ImageSet;
  readonly test: ImageSet;
  /** Of the four files. */
  readonly checksums: IdxChecksums;
  /** Files whose bytes differ from the given checksums; empty for the published data. */
  readonly unknown: readonly string[];
}

export interface IdxFolderOptions {
  /** Default: as many classes as the labels say, and their numbers. */
  readonly classNames?: readonly string[] | undefined;
  readonly checksums: IdxChecksums;
  readonly normalization?: Normalization | undefined;
  readonly pictureFit?: PictureFit | undefined;
  /** What to do when files are missing: the end of the error message. */
  readonly advice: string;
}

/**
 * Loads the four IDX files of MNIST or of a data set in its form, plain or gzipped.
 *
 * @param folder Holds `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte` and
 *   `t10k-labels-idx1-ubyte`; `.idx3-ubyte` for `-idx3-ubyte` and an added `.gz` are accepted.
 * @throws DATASET_NOT_FOUND naming every missing file, DATASET_UNREADABLE, DATASET_COUNT_MISMATCH when images and
 *   labels differ in number, DATASET_LABEL for a label outside the classes, DATASET_SHAPE when training and test
 *   images differ in size, and what `readIdx` throws.
 */
export async function loadIdxFolder(folder: string, options: IdxFolderOptions): Promise<IdxFolder> {
  const files = await findFiles(folder, options.advice);
  const tensors = await Promise.all(
    files.map((file, i) => readIdx(file, { rank: PARTS[i].endsWith("images") ? 3 : 1 })),
  );
  const { classNames = numbersOf(tensors[1], tensors[3]) } = options;
  const named = { ...options, classNames };
  const train = imageSet(tensors[0], tensors[1], files[0], files[1], named);
  const test = imageSet(tensors[2], tensors[3], files[2], files[3], named);
  if (train.shape.join() !== test.shape.join()) {
    throw new DatasetError(
      "DATASET_SHAPE",
      `${files[0]} holds images of ${train.shape.join(" x ")}, ${files[2]} of ${test.shape.join(" x ")}; ` +
        "training and test images must be of one size. Fetch both again.",
    );
  }
  const sums = tensors.map(({ bytes }) => hash("md5", bytes));
  const [trainImages, trainLabels, testImages, testLabels] = sums;
  const checksums = {
    "train-images": trainImages,
    "train-labels": trainLabels,
    "t10k-images": testImages,
    "t10k-labels": testLabels,
  };
  const unknown = files.filter((_, i) => sums[i] !== options.checksums[PARTS[i]]);
  return { classNames, train, test, checksums, unknown };
}

/** A network tells at least two classes apart. */
function numbersOf(...labels: readonly IdxTensor[]): string[] {
  const largest = labels.reduce((most, { data }) => data.reduce((a, b) => Math.max(a, b), most), 1);
  return Array.from({ length: largest + 1 }, (_, i) => String(i));
}

/** The four paths in the order of PARTS. */
async function findFiles(folder: string, advice: string): Promise<string[]> {
  const present = new Set(await list(folder, advice));
  const names = PARTS.map((part) => candidates(part).find((candidate) => present.has(candidate)));
  const missing = PARTS.filter((_, i) => names[i] === undefined).map((part) => candidates(part)[0]);
  if (missing.length > 0) {
    throw new DatasetError("DATASET_NOT_FOUND", `${folder} lacks ${missing.join(", ")} (plain or .gz). ${advice}`);
  }
  return names.filter((name) => name !== undefined).map((name) => join(folder, name));
}

async function list(folder: string, advice: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw error.code === "ENOENT" || error.code === "ENOTDIR"
      ? new DatasetError("DATASET_NOT_FOUND", `there is no folder ${folder}. ${advice}`, { cause: error })
      : new DatasetError("DATASET_UNREADABLE", `${folder} cannot be read (${error.message}). Check its permissions.`, {
          cause: error,
        });
  }
}

function candidates(part: Part): string[] {
  const kind = part.endsWith("images") ? "idx3-ubyte" : "idx1-ubyte";
  return [`${part}-${kind}`, `${part}.${kind}`].flatMap((name) => [name, `${name}.gz`]);
}

function imageSet(
  images: IdxTensor,
  labels: IdxTensor,
  imageFile: string,
  labelFile: string,
  { classNames, normalization, pictureFit }: IdxFolderOptions & Pick<IdxFolder, "classNames">,
): ImageSet {
  const classes = classNames.length;
  const [count, height, width] = images.dimensions;
  if (labels.dimensions[0] !== count) {
    throw new DatasetError(
      "DATASET_COUNT_MISMATCH",
      `${imageFile} holds ${count} images, ${labelFile} ${labels.dimensions[0]} labels; ` +
        "they belong to different data sets. Fetch both again.",
    );
  }
  const wrong = labels.data.findIndex((label) => label >= classes);
  if (wrong >= 0) {
    throw new DatasetError(
      "DATASET_LABEL",
      `${labelFile} gives image ${wrong} the label ${labels.data[wrong]}; labels go from 0 to ${classes - 1}. Fetch it again.`,
    );
  }
  const said = {
    ...(normalization === undefined ? {} : { normalization }),
    ...(pictureFit === undefined ? {} : { pictureFit }),
  };
  return { images: images.data, labels: labels.data, shape: [height, width, 1], classNames, ...said };
}
