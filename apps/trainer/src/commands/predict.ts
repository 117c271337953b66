import { printable } from "@convoy/core/training";
import type { Environment } from "../environment.ts";
import { asInput, UsageError } from "../errors.ts";
import { mostLikely } from "../evaluation/class_scores.ts";
import { imageFromPicture, imageFromTestSet, type ImageToPredict } from "../image/image_to_predict.ts";
import { trainedDataOptions } from "../options/data_options.ts";
import { wholeNumber } from "../options/number_option.ts";
import { flag, type OptionValues } from "../options/option.ts";
import type { Parsed } from "../options/parse_options.ts";
import { weightsOption } from "../options/weights_option.ts";
import { writeJson } from "../progress/json_reporter.ts";
import { loadTrainedNetwork, normalizationOf, type TrainedNetwork } from "../runs/trained_network.ts";
import { drawBars } from "../terminal/bars.ts";
import { facts } from "../terminal/facts.ts";
import { drawPicture } from "../terminal/picture.ts";
import { sideBySide } from "../terminal/text_block.ts";
import { defineCommand, type Command } from "./command.ts";

const options = {
  index: wholeNumber({
    description: "the test image with this number, from 0",
    initial: undefined,
    least: 0,
    most: 1e9,
  }),
  weights: weightsOption,
  ...trainedDataOptions,
  json: flag("one JSON object on standard output"),
} as const;

export const predict: Command = defineCommand({
  name: "predict",
  description:
    "Shows an image as the network sees it, and the probability of each class. A picture may be a JPEG, PNG, WebP, AVIF or " +
    "GIF of any size, such as a photograph of a digit on paper: it is fitted to the network's input as its training images lie.",
  options,
  positionals: ["[picture]"],
  examples: ["predict --index 7", "predict digit.jpg --weights runs/first"],
  run: async (parsed, environment) => {
    const { values, positionals } = parsed;
    checkChoice(parsed);
    const network = await loadTrainedNetwork(values.weights, environment.directory);
    const image = await findImage(values, positionals[0], network, environment);
    const normalization = normalizationOf(network, values, environment);
    const probabilities = await asInput(() => network.model.predict(image.input, { normalization }));
    const show = values.json ? printJson : printPicture;
    show(environment, network, image, probabilities);
    return 0;
  },
});

/** @throws UsageError OPTION_COMBINATION, ARGUMENT_MISSING */
function checkChoice({ values, positionals }: Parsed<typeof options>): void {
  if (positionals.length === 0 && values.index === undefined) {
    throw new UsageError("ARGUMENT_MISSING", "predict needs a picture, or --index with the number of a test image.");
  }
  if (positionals.length === 0) return;
  const foreign = (["index", "dataset", "data-dir"] as const).find((name) => values[name] !== undefined);
  if (foreign === undefined) return;
  throw new UsageError("OPTION_COMBINATION", `--${foreign} is for a test image, and a picture was given as well.`);
}

function findImage(
  values: OptionValues<typeof options>,
  picture: string | undefined,
  network: TrainedNetwork,
  environment: Environment,
): Promise<ImageToPredict> {
  if (picture !== undefined) return imageFromPicture(picture, network, environment);
  return imageFromTestSet(values.index!, values, network, environment);
}

function printJson(
  { stdout }: Environment,
  { file, classNames }: TrainedNetwork,
  { origin, actual }: ImageToPredict,
  probabilities: Float32Array,
): void {
  const predicted = mostLikely(probabilities);
  writeJson(stdout, {
    event: "prediction",
    ...origin,
    predicted,
    className: classNames[predicted],
    ...(actual === undefined ? {} : { actual, actualClassName: classNames[actual] }),
    probabilities: [...probabilities],
    weights: file.path,
  });
}

function printPicture(
  { stdout }: Environment,
  { file, classNames }: TrainedNetwork,
  image: ImageToPredict,
  probabilities: Float32Array,
): void {
  const { columns, colorDepth, isTerminal } = stdout;
  const predicted = mostLikely(probabilities);
  const bars = classNames.map((label, i) => ({ label, share: probabilities[i], marked: i === predicted }));
  const body = sideBySide(drawPicture(image, colorDepth), drawBars(bars, 20, colorDepth), columns);
  const { actual, description } = image;
  const truth =
    actual === undefined
      ? ""
      : ` (${actual === predicted ? "right" : `wrong: it is ${printable(classNames[actual])}`})`;
  const lines = [
    ...facts(
      [
        ["Image", description],
        ["Weights", file.name],
      ],
      isTerminal ? columns : Infinity,
    ),
    "",
    ...body,
    "",
    `Predicted: ${printable(classNames[predicted])}${truth}`,
  ];
  stdout.write(`${lines.join("\n")}\n`);
}
