import path from "node:path";
import type { PictureFit } from "@convoy/core/training";
import type { Environment } from "../environment.ts";
import { UsageError } from "../errors.ts";
import { loadTrainedData, type ChosenData } from "../runs/trained_data.ts";
import type { TrainedNetwork } from "../runs/trained_network.ts";
import type { Picture } from "../terminal/picture.ts";
import { fitPicture } from "./fit_picture.ts";
import { pictureFitOf } from "./picture_fit_of.ts";
import { readPicture } from "./read_picture.ts";

/** What the network is to look at. */
export interface ImageToPredict extends Picture {
  /** One image of the network's input. */
  readonly input: Uint8Array;
  /** Says where it comes from and what was done to it. */
  readonly description: string;
  /** The same for programs. */
  readonly origin: Readonly<Record<string, unknown>>;
  /** The true class, where it is known. */
  readonly actual: number | undefined;
}

/** Pixels that the longer side of a picture has at most when it is fitted: enough for the strokes of a fine pen. */
const longest = 512;

/**
 * Makes a picture into an image that the network takes, as the network says.
 *
 * @throws UsageError WEIGHTS_CHANNELS, and the codes of `readPicture`
 */
export async function imageFromPicture(
  name: string,
  network: TrainedNetwork,
  environment: Environment,
): Promise<ImageToPredict> {
  const [height, width, channels] = network.model.inputShape;
  if (channels !== 1 && channels !== 3) {
    throw new UsageError(
      "WEIGHTS_CHANNELS",
      `the network in ${network.file.name} takes images of ${channels} channels; a picture has 1, grey, or 3, red, green and blue.`,
    );
  }
  const fit = pictureFitOf(network, environment);
  const needed = Math.max(longest, 2 * Math.max(width, height));
  const picture = await readPicture(path.resolve(environment.directory, name), name, needed);
  const { input, inverted, isEmpty } = fitPicture(picture.scaled, fit, [height, width, channels]);
  const { format } = picture;
  const done = [
    `${name}: ${format}, ${picture.width} × ${picture.height}`,
    whatWasDone[fit.fit],
    ...(inverted ? [`inverted because its ground is ${fit.ground === "dark" ? "light" : "dark"}`] : []),
    ...(isEmpty ? ["nothing is drawn on it"] : []),
  ];
  const size = { width: picture.width, height: picture.height };
  return {
    width,
    height,
    input,
    pixels: grey(input, channels),
    description: done.join(", "),
    origin: { image: name, format, ...size, fit, inverted, isEmpty },
    actual: undefined,
  };
}

const whatWasDone: Readonly<Record<PictureFit["fit"], string>> = {
  ink: "cut to its drawing",
  contain: "shown whole",
  cover: "its middle",
  stretch: "stretched",
};

/**
 * Takes one image out of the test set.
 *
 * @param index from 0
 * @throws UsageError INDEX_RANGE, and what `loadTrainedData` throws
 */
export async function imageFromTestSet(
  index: number,
  chosen: ChosenData,
  network: TrainedNetwork,
  environment: Environment,
): Promise<ImageToPredict> {
  const { name: dataset, test, source } = await loadTrainedData(network, chosen, environment);
  const count = test.labels.length;
  if (index >= count) {
    throw new UsageError("INDEX_RANGE", `--index ${index} is too much: ${source} has test images 0 to ${count - 1}.`);
  }
  const [height, width, channels] = test.shape;
  const size = height * width * channels;
  const input = test.images.slice(index * size, (index + 1) * size);
  return {
    width,
    height,
    input,
    pixels: grey(input, channels),
    description: `test image ${index} of ${dataset}`,
    origin: { dataset, index },
    actual: test.labels[index],
  };
}

/** The mean of the channels, which is enough to recognise it. */
function grey(input: Uint8Array, channels: number): Uint8Array {
  return Uint8Array.from({ length: input.length / channels }, (_, i) => {
    const pixel = input.subarray(i * channels, (i + 1) * channels);
    return Math.round(pixel.reduce((sum, value) => sum + value, 0) / channels);
  });
}
