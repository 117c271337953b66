import type { ImageData } from "@convoy/core/training";
import { ParallelError } from "../errors.ts";

/** Images, or the promise of images that are still loading. */
export type Loading = ImageData | Promise<ImageData>;

/** What a run learns from, and what it is evaluated on. */
export interface LoadedData {
  readonly training: ImageData;
  readonly validation: ImageData | undefined;
  readonly test: ImageData | undefined;
}

/**
 * Waits for the data.
 *
 * @throws what a promise rejects with; `FIT_DATA` when there is no data in it
 */
export async function loadedData(
  data: Loading,
  options: { readonly validation: Loading | undefined; readonly test: Loading | undefined },
): Promise<LoadedData> {
  const [training, validation, test] = await Promise.all([data, options.validation, options.test]);
  check("the training data", training);
  if (options.validation !== undefined) check("the validation data", validation);
  if (options.test !== undefined) check("the test data", test);
  return { training, validation, test };
}

function check(what: string, data: unknown): void {
  if (typeof data === "object" && data !== null) return;
  const came = data === null ? "null" : typeof data;
  throw new ParallelError("FIT_DATA", `${what} must be an object { images, labels, shape }; got ${came}.`);
}
