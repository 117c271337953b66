import { createImageStore, selection, selectImages, type ImageData, type ImageStore } from "@convoy/core/training";
import { ParallelError } from "../errors.ts";
import type { LoadedData } from "./loaded_data.ts";
import type { TrainableModel } from "./trainable_model.ts";

/** The images of a run, in memory that all threads see. */
export interface SharedImages {
  /** Those that came to be trained on. */
  readonly all: ImageStore;
  /** What a split leaves of them for training; all, where there is none. */
  readonly training: ImageStore;
  /** Images of which the best weights are judged: those that a split keeps away from training, or others that came for it. */
  readonly validation: ImageStore | undefined;
  /** Images that nothing is chosen by. */
  readonly test: ImageStore | undefined;
}

interface SplitOptions {
  readonly seed: number;
  readonly validationSplit: number | undefined;
}

/**
 * Checks and shares the data, and divides it where that is wanted. Which images are kept away depends on seed, share and
 * number of images alone.
 *
 * @throws `DATA_…` of `@convoy/core` for impossible data; `FIT_DATA` when images have another shape than the model's
 *   input; `VALIDATION_SPLIT` when one of the two parts would be empty
 */
export function shareImages(
  model: TrainableModel,
  data: LoadedData,
  { seed, validationSplit }: SplitOptions,
): SharedImages {
  const given = (images: ImageData | undefined, what: string): ImageStore | undefined =>
    images === undefined ? undefined : sharedStore(images, model, what);
  const all = sharedStore(data.training, model, "the training images");
  const validation = given(data.validation, "the validation images");
  const test = given(data.test, "the test images");
  if (validationSplit === undefined) return { all, training: all, validation, test };
  const { chosen, others } = selection(seed, all.count, validationCount(all.count, validationSplit));
  return { all, training: selectImages(all, others), validation: selectImages(all, chosen), test };
}

/** The whole number nearest to the share. */
function validationCount(images: number, share: number): number {
  const count = Math.round(images * share);
  if (count > 0 && count < images) return count;
  throw new ParallelError(
    "VALIDATION_SPLIT",
    `a validation split of ${share} keeps ${count} of ${images} training images for validation; at least one image must be ` +
      `there to validate on, and one to train on. Give ${count === 0 ? "a larger" : "a smaller"} share.`,
  );
}

function sharedStore(data: ImageData, { inputShape, classes }: TrainableModel, what: string): ImageStore {
  const store = createImageStore(data, classes, { shared: true });
  if (store.shape.every((size, i) => size === inputShape[i])) return store;
  throw new ParallelError(
    "FIT_DATA",
    `the model takes images of [${inputShape.join(", ")}]; ${what} are of [${store.shape.join(", ")}].`,
  );
}
