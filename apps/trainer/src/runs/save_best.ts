import { unlink } from "node:fs/promises";
import path from "node:path";
import { saveModel, Sequential } from "@convoy/core/training";
import type { BestResult } from "@convoy/parallel";
import type { TrainingJob } from "../training/training_job.ts";
import type { RunFolder } from "./run_folder.ts";
import { passOverMissing } from "./run_files.ts";
import { bestFileName } from "./run_names.ts";
import type { WeightsFile } from "./weights_file.ts";
import { encodeMetadata } from "./weights_metadata.ts";

/** Of a run with --validation-split: the weights that did best so far on the images kept away from training. */
export function bestFile({ path: folder, name }: RunFolder): WeightsFile {
  return { path: path.join(folder, bestFileName), name: path.join(name, bestFileName) };
}

/**
 * Makes the file what it is to be: whole with the best weights, or not there where no epoch so far has any. One that is
 * there may be of an epoch that a run which goes on from an earlier checkpoint has still to come to.
 *
 * @throws CoreError CHECKPOINT_WRITE; what the system says when the file cannot be removed
 */
export async function saveBest(
  { description, model, options }: TrainingJob,
  best: BestResult | undefined,
): Promise<void> {
  const { dataset, runFolder } = description;
  const { path: file } = bestFile(runFolder);
  if (best === undefined) return unlink(file).catch(passOverMissing);
  const { epoch: epochs, step, validationAccuracy, weights } = best;
  const network = Sequential.fromJSON(model.toJSON());
  network.setWeights(weights);
  const trained = { epochs, step, seed: options.seed, validationAccuracy, testAccuracy: undefined };
  await saveModel(
    network,
    file,
    encodeMetadata({ dataset: dataset.name, publishedData: dataset.verified, ...trained }),
  );
}
