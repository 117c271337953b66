import type { AnyLayersModel } from "@convoy/tfjs/tape";
import type { LayersModel } from "@tensorflow/tfjs-layers";
import { ParallelError } from "../errors.ts";
import { checkNumbers } from "./check_numbers.ts";
import type { CheckedLayersOptions } from "./options.ts";
import { shareWeights } from "./sample_weights.ts";
import { shareSamples, splitSamples, type LayersData, type SharedSamples } from "./samples.ts";

/** What a run trains and is validated on. */
export interface RunSamples {
  readonly data: SharedSamples;
  readonly validation: SharedSamples | undefined;
}

/**
 * Copies all data into shared memory and weighs it. A split leaves the last samples to validation, before any shuffling, as
 * in tfjs.
 *
 * @throws `FIT_DATA` and `FIT_OPTION` for what the model cannot take
 */
export async function runSamples(
  given: AnyLayersModel,
  data: LayersData,
  { validationData, validationSplit, classWeight, sampleWeight }: CheckedLayersOptions,
): Promise<RunSamples> {
  const model = given as LayersModel;
  const all = await shareSamples(model, data, "the training data");
  checkNumbers(model, all, "the training data");
  const weights = await shareWeights(model, all, classWeight, sampleWeight);
  if (validationSplit !== undefined) {
    const at = Math.floor(all.count * (1 - validationSplit));
    if (at === 0) {
      throw new ParallelError(
        "FIT_OPTION",
        `validationSplit ${validationSplit} leaves none of ${all.count} samples to train on.`,
      );
    }
    const [training, validation] = splitSamples(all, at);
    return { data: { ...training, weights }, validation };
  }
  if (validationData === undefined) return { data: { ...all, weights }, validation: undefined };
  const validation = await shareSamples(model, validationData, "validationData");
  checkNumbers(model, validation, "validationData");
  return { data: { ...all, weights }, validation };
}
