import { defaultShards } from "@convoy/parallel";
import { usableCores } from "@convoy/parallel/machine";
import { kernelChoices } from "../kernels/kernel_choice.ts";
import { dataDirectory, datasetNames, deviation, mean } from "./data_options.ts";
import { batchSize } from "./batch_size_option.ts";
import { networkOption, seedNetwork } from "./model_option.ts";
import { decimal, wholeNumber } from "./number_option.ts";
import { optimizerOptions } from "./optimizer_options.ts";
import { checkpointRhythm } from "./checkpoint_rhythm.ts";
import { choice, flag, text, type Option, type OptionValues } from "./option.ts";

const resumable = text(
  "<run|file>",
  "go on with a run from its newest checkpoint, or from that one; alone: with the newest run",
  "a new run",
);

export const startOptions = {
  dataset: choice(datasetNames, "mnist", "what to learn"),
  "data-dir": dataDirectory,
  model: networkOption(seedNetwork),
  epochs: {
    ...wholeNumber({ description: "times through the training images", initial: 10, least: 1, most: 1_000_000 }),
    letter: "e",
  },
  "batch-size": batchSize,
  ...optimizerOptions,
  workers: wholeNumber({
    description: "threads; more than there are shards are not started",
    initial: undefined,
    defaultText: `all cores, here ${usableCores()}`,
    least: 1,
    most: 1024,
  }),
  "max-restarts": wholeNumber({
    description: "how often in a row fresh threads take over after one that failed; 0 ends the run at the first fault",
    initial: 3,
    least: 0,
    most: 1_000_000,
  }),
  shards: wholeNumber({
    description: "parts of a minibatch, whose number decides the last bits of the weights",
    initial: undefined,
    defaultText: `one for 16 images, so ${defaultShards(64)} for 64`,
    least: 1,
    most: 64,
  }),
  kernels: choice(kernelChoices, "auto", "wide is faster on some processors; auto checks, once, whether on this one"),
  seed: wholeNumber({
    description: "of first weights, order of the images and dropout",
    initial: 1,
    least: 0,
    most: 2 ** 32 - 1,
  }),
  mean,
  deviation,
  "target-accuracy": decimal({
    description: "stop after the epoch that reaches this share of right answers on the test images, such as 0.98",
    initial: undefined,
    expected: "a share above 0 and at most 1, such as 0.98",
    fits: (value) => value > 0 && value <= 1,
  }),
  "validation-split": decimal({
    description:
      "share of the training images to keep away from training; the weights that do best on them are kept too",
    initial: undefined,
    defaultText: "none",
    expected: "a share above 0 and below 1, such as 0.1",
    fits: (value) => value > 0 && value < 1,
  }),
  "run-dir": text("<folder>", "new folder for weights, checkpoints and settings", "runs/<time>-<dataset>-<model>"),
  "checkpoint-every": checkpointRhythm,
  keep: wholeNumber({ description: "checkpoints to keep, the newest ones", initial: 2, least: 1, most: 1_000_000 }),
  resume: {
    ...resumable,
    isValueOptional: true,
    parse: (value, name) => (value === "" ? "" : resumable.parse(value, name)),
  } satisfies Option<string | undefined>,
  "init-from": text(
    "<file|run>",
    "begin new training with the weights of this safetensors file, each by its name and shape",
    "the network's own initialisers",
  ),
  "allow-partial": flag("with --init-from: take the weights that fit, and say which do not and why"),
  override: flag("with --resume: go on with other settings, although they change the result"),
  json: flag("one JSON object a line on standard output; text for people goes to standard error"),
  quiet: flag("no text while it trains, only the result; none at all with --json"),
} as const;

export type StartValues = OptionValues<typeof startOptions>;
