import { hash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { ImageSet, PictureFit } from "./dataset.ts";
import { DatasetError } from "./errors.ts";
import { openIdx, tensorOf, type IdxTensor } from "./idx.ts";
import { readIdxLabels } from "./idx_labels.ts";
import type { Normalization } from "./normalization.ts";
import { cureOf, isSystemError } from "./system_error.ts";

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
 *   `t10k-labels-idx1-ubyte`; `.idx3-ubyte` for `-idx3-ubyte` and an added `.gz` are accepted. Images may have channels, as a
 *   fourth dimension; labels may be integers of any size, or QMNIST's rows.
 * @throws DATASET_NOT_FOUND naming every missing file, DATASET_UNREADABLE, DATASET_COUNT_MISMATCH when images and
 *   labels differ in number, DATASET_LABEL for a label outside the classes, DATASET_SHAPE when training and test
 *   images differ in size, and what `readIdx` throws.
 */
export async function loadIdxFolder(folder: string, options: IdxFolderOptions): Promise<IdxFolder> {
  const files = await findFiles(folder, options.advice);
  const [trainImageFile, trainLabelFile, testImageFile, testLabelFile] = files;
  const [trainTensor, ownTrainLabels, testTensor, ownTestLabels] = await Promise.all([
    readImages(trainImageFile),
    readIdxLabels(trainLabelFile),
    readImages(testImageFile),
    readIdxLabels(testLabelFile),
  ]);
  const { classNames, first } = classesOf(options.classNames, ownTrainLabels.labels, ownTestLabels.labels);
  const named = { ...options, classNames };
  const trainLabels = { file: trainLabelFile, first, labels: from(first, ownTrainLabels.labels) };
  const testLabels = { file: testLabelFile, first, labels: from(first, ownTestLabels.labels) };
  const train = imageSet(trainTensor, trainImageFile, trainLabels, named);
  const test = imageSet(testTensor, testImageFile, testLabels, named);
  if (train.shape.join() !== test.shape.join()) {
    throw new DatasetError(
      "DATASET_SHAPE",
      `${files[0]} holds images of ${train.shape.join(" x ")}, ${files[2]} of ${test.shape.join(" x ")}; ` +
        "training and test images must be of one size. Fetch both again.",
    );
  }
  const checksums = {
    "train-images": hash("md5", trainTensor.bytes),
    "train-labels": hash("md5", ownTrainLabels.bytes),
    "t10k-images": hash("md5", testTensor.bytes),
    "t10k-labels": hash("md5", ownTestLabels.bytes),
  };
  const unknown = files.filter((_, i) => checksums[PARTS[i]] !== options.checksums[PARTS[i]]);
  return { classNames, train, test, checksums, unknown };
}

/**
 * Labels count from 0, or from 1 where no image has the label 0, as in EMNIST's letters. Where nobody names the classes, they
 * are the numbers of the labels; a network tells at least two of them apart. Given names go with labels from 1 where they
 * are numbers from 1, or where the largest label says that there are so many; names from 0 never do.
 */
function classesOf(
  names: readonly string[] | undefined,
  ...labels: readonly Uint8Array[]
): { readonly classNames: readonly string[]; readonly first: number } {
  const from1 = labels.every((each) => !each.includes(0));
  const largest = labels.reduce((most, each) => each.reduce((a, b) => Math.max(a, b), most), 0);
  if (names !== undefined) {
    const countFrom1 = from1 && (names[0] === "1" || (names[0] !== "0" && largest === names.length));
    return { classNames: names, first: countFrom1 ? 1 : 0 };
  }
  const first = from1 ? 1 : 0;
  const classes = Math.max(largest - first + 1, 2);
  return { classNames: Array.from({ length: classes }, (_, i) => String(first + i)), first };
}

/** Counted from 0, in shared memory as they were. */
function from(first: number, labels: Uint8Array): Uint8Array {
  if (first === 0) return labels;
  const counted = new Uint8Array(new SharedArrayBuffer(labels.length));
  for (const [i, label] of labels.entries()) counted[i] = label - first;
  return counted;
}

async function readImages(file: string): Promise<IdxTensor> {
  const tensor = tensorOf(await openIdx(file, { role: "images" }));
  const [, height, width, channels = 1] = tensor.dimensions;
  if (channels <= 4) return tensor;
  throw new DatasetError(
    "DATASET_SHAPE",
    `${file} holds images of ${height} x ${width} x ${channels}; the last size counts the channels, 1 to 4. ` +
      "Write the channels of each pixel side by side.",
  );
}

/** The four paths in the order of PARTS. */
async function findFiles(folder: string, advice: string): Promise<string[]> {
  const present = new Set(await list(folder, advice));
  const names = PARTS.map((part) => candidates(part).find((candidate) => present.has(candidate)));
  const missing = PARTS.filter((_, i) => names[i] === undefined).map((part) => candidates(part)[0]);
  if (missing.length > 0) {
    const similar = [...present].find((name) => /(images|labels).idx[123]/.test(name) && !isCandidate(name));
    const hint = similar === undefined ? "" : ` Is ${similar} one of them under another name?`;
    throw new DatasetError(
      "DATASET_NOT_FOUND",
      `${folder} lacks ${missing.join(", ")} (plain or .gz).${hint} ${advice}`,
    );
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
      : new DatasetError("DATASET_UNREADABLE", `${folder} cannot be read (${error.message}). ${cureOf(error)}`, {
          cause: error,
        });
  }
}

function isCandidate(name: string): boolean {
  return PARTS.some((part) => candidates(part).includes(name));
}

function candidates(part: Part): string[] {
  const kind = part.endsWith("images") ? "idx3-ubyte" : "idx1-ubyte";
  return [`${part}-${kind}`, `${part}.${kind}`].flatMap((name) => [name, `${name}.gz`]);
}

function imageSet(
  images: IdxTensor,
  imageFile: string,
  { file, first, labels }: { readonly file: string; readonly first: number; readonly labels: Uint8Array },
  { classNames, normalization, pictureFit }: IdxFolderOptions & Pick<IdxFolder, "classNames">,
): ImageSet {
  const classes = classNames.length;
  const [count, height, width, channels = 1] = images.dimensions;
  if (labels.length !== count) {
    throw new DatasetError(
      "DATASET_COUNT_MISMATCH",
      `${imageFile} holds ${count} images, ${file} ${labels.length} labels; ` +
        "they belong to different data sets. Fetch both again.",
    );
  }
  const wrong = labels.findIndex((label) => label >= classes);
  if (wrong >= 0) {
    throw new DatasetError(
      "DATASET_LABEL",
      `${file} gives image ${wrong} the label ${labels[wrong] + first}; ` +
        `labels go from ${first} to ${first + classes - 1} in this data set. ` +
        "Load data of your own as such, with loadIdxDataset and no names of classes: then their labels say them.",
    );
  }
  const said = {
    ...(normalization === undefined ? {} : { normalization }),
    ...(pictureFit === undefined ? {} : { pictureFit }),
  };
  return { images: images.data, labels, shape: [height, width, channels], classNames, ...said };
}
