import { usableCores } from "@convoy/parallel/machine";
import { kernelChoices } from "../kernels/kernel_choice.ts";
import { dataDirectory, datasetNames } from "./data_options.ts";
import { batchSize } from "./batch_size_option.ts";
import { networkOption, seedNetwork } from "./model_option.ts";
import { wholeNumber } from "./number_option.ts";
import { choice, flag } from "./option.ts";

export const profileOptions = {
  model: networkOption(seedNetwork),
  dataset: choice(datasetNames, "mnist", "what to learn"),
  "data-dir": dataDirectory,
  "batch-size": batchSize,
  workers: wholeNumber({
    description: "threads; more than there are shards are not started",
    initial: undefined,
    defaultText: `all cores, here ${usableCores()}`,
    least: 1,
    most: 1024,
  }),
  steps: wholeNumber({
    description: "steps to train; the first third, at most 100, is not counted",
    initial: 300,
    least: 2,
    most: 100_000,
  }),
  kernels: choice(kernelChoices, "auto", "wide is faster on some processors; auto checks, once, whether on this one"),
  json: flag("one JSON object on standard output"),
} as const;
