import {
  checkedClassNames,
  checkSameClassNames,
  type ImageData,
  isSameNormalization,
  measurePictureFit,
  type Meaning,
  type Normalization,
  normalizationText,
  standardNormalization,
} from "@convoy/core/training";
import { ParallelError } from "../errors.ts";
import type { LoadedData } from "./loaded_data.ts";
import type { TrainableModel } from "./trainable_model.ts";

/** Data of which nothing is left to be assumed, and what a network's numbers mean that is trained on it. */
export interface MeantData {
  readonly loaded: LoadedData;
  readonly meaning: Meaning;
}

/**
 * Takes from the data what its numbers mean: normalization, names of the classes, and how pictures are fitted. What it does
 * not say stays as the model says it.
 *
 * @throws `FIT_DATA` when training and other data contradict each other, or names are not those of the model's classes;
 *   `MODEL_DATA` when their classes have different names
 */
export function meaningOf({ classes, meaning: own }: TrainableModel, data: LoadedData): MeantData {
  const { training } = data;
  const normalization = isBytes(training)
    ? (training.normalization ?? own?.normalization ?? standardNormalization)
    : undefined;
  const classNames = training.classNames ?? own?.classNames;
  if (training.classNames !== undefined) checkNames(training.classNames, classes);
  checkSameClassNames(classNames, data.validation?.classNames);
  checkSameClassNames(classNames, data.test?.classNames);
  const pictureFit = training.pictureFit ?? pictureFitOf(training) ?? own?.pictureFit;
  return {
    loaded: {
      training: isBytes(training) ? { ...training, normalization } : training,
      validation: normalized("validation", data.validation, normalization),
      test: normalized("test", data.test, normalization),
    },
    meaning: { normalization: normalization ?? null, classNames, pictureFit },
  };
}

function isBytes({ images }: ImageData): boolean {
  return images instanceof Uint8Array;
}

/** Data that cannot be right is refused later, by name. */
function pictureFitOf({ images, shape }: ImageData): Meaning["pictureFit"] {
  return Array.isArray(shape) && shape.length === 3 && images?.length > 0
    ? measurePictureFit({ images, shape })
    : undefined;
}

/** Images that are evaluated on become numbers as those that are trained on. */
function normalized(
  what: string,
  data: ImageData | undefined,
  training: Normalization | undefined,
): ImageData | undefined {
  if (data === undefined || !isBytes(data)) return data;
  const { normalization: said } = data;
  if (training === undefined) {
    if (said !== undefined) return data;
    throw new ParallelError(
      "FIT_DATA",
      `the training images are floats and the ${what} images bytes. Give both alike, or say a normalization with the bytes.`,
    );
  }
  if (said === undefined || isSameNormalization(said, training)) return { ...data, normalization: training };
  throw new ParallelError(
    "FIT_DATA",
    `the training images are normalised with ${normalizationText(training)}, the ${what} images with ` +
      `${normalizationText(said)}. Give both the same.`,
  );
}

function checkNames(names: unknown, classes: number): void {
  try {
    checkedClassNames(names, classes);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.replace(/^[A-Z_]+: /, "") : String(cause);
    throw new ParallelError("FIT_DATA", `the training data does not fit the model's ${classes} classes: ${why}`, {
      cause,
    });
  }
}
