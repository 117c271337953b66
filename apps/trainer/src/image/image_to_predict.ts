import path from "node:path";
import type { Environment } from "../environment.ts";
import { UsageError } from "../errors.ts";
import { loadChosenDataset, type DatasetName } from "../options/data_options.ts";
import { checkFits, type TrainedNetwork } from "../runs/trained_network.ts";
import type { Picture } from "../terminal/picture.ts";
import { fitToInput } from "./fit_to_input.ts";
import { readPng } from "./read_png.ts";

/** What the network is to look at. */
export interface ImageToPredict extends Picture {
  /** Says where it comes from and what was done to it. */
  readonly description: string;
  /** The same for programs. */
  readonly origin: Readonly<Record<string, unknown>>;
  /** The true class, where it is known. */
  readonly actual: number | undefined;
}

/**
 * Makes a PNG into an image that the network takes.
 *
 * @throws UsageError WEIGHTS_CHANNELS, and the codes of `readPng`
 */
export async function imageFromPng(
  name: string,
  { model, file }: TrainedNetwork,
  { directory }: Environment,
): Promise<ImageToPredict> {
  const [height, width, channels] = model.inputShape;
  if (channels !== 1) {
    throw new UsageError(
      "WEIGHTS_CHANNELS",
      `the network in ${file.name} takes images of ${channels} channels; a PNG is read as grey, which is one.`,
    );
  }
  const { header, image } = await readPng(path.resolve(directory, name), name);
  const input = fitToInput(image, width, height);
  const inverted = input.inverted ? ", inverted because its ground is light" : "";
  const scaled = header.width === width && header.height === height ? "" : `, made ${width} × ${height}`;
  return {
    ...input,
    description: `${name}: ${header.width} × ${header.height}${scaled}${inverted}`,
    origin: { image: name, width: header.width, height: header.height, inverted: input.inverted },
    actual: undefined,
  };
}

/**
 * Takes one image out of the test set.
 *
 * @param index from 0
 * @throws UsageError INDEX_RANGE, WEIGHTS_DATASET, and the codes of `@convoy/datasets`
 */
export async function imageFromTestSet(
  index: number,
  dataset: DatasetName,
  dataDirectory: string | undefined,
  network: TrainedNetwork,
  environment: Environment,
): Promise<ImageToPredict> {
  const loaded = await loadChosenDataset(dataset, dataDirectory, network.normalization, environment);
  checkFits(network, loaded);
  const { test, source } = loaded;
  const count = test.labels.length;
  if (index >= count) {
    throw new UsageError("INDEX_RANGE", `--index ${index} is too much: ${source} has test images 0 to ${count - 1}.`);
  }
  const [height, width, channels] = test.shape;
  const size = height * width * channels;
  return {
    width,
    height,
    pixels: test.images.slice(index * size, (index + 1) * size),
    description: `test image ${index} of ${dataset}`,
    origin: { dataset, index },
    actual: test.labels[index],
  };
}
