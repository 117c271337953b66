import {
  byDefault,
  flag,
  type GivenOptions,
  optional,
  type OptionValues,
  readOptions,
  tested,
} from "@convoy/core/training";
import { ParallelError } from "../errors.ts";
import { batchSize, checkShards, commonOptions, shards } from "../fit/common_options.ts";
import { callback, fitReader, properShare } from "../fit/option_checks.ts";
import { checkCallbacks, type LayersCallback } from "./callbacks.ts";
import type { LayersFitEvent } from "./events.ts";
import type { ClassWeights } from "./sample_weights.ts";
import type { LayersData, NamedSamples } from "./samples.ts";

/** Whatever is given: those who read it know better what it must be. */
function anything<Value>(help: string): ReturnType<typeof tested<Value>> {
  return tested(help, "given", (given): given is Value => given !== undefined);
}

const layersOptions = {
  ...commonOptions,
  batchSize: byDefault(batchSize, 32),
  // Where nobody asks, the model decides.
  shards: optional(shards, "as the model says"),
  shuffle: byDefault(flag("whether each epoch has another order"), true),
  validationData: optional(anything<LayersData>("samples to evaluate on after each epoch")),
  validationSplit: optional(properShare("share of the samples, the last ones, to keep away from training"), "none"),
  classWeight: optional(anything<ClassWeights>("what the loss of a class is multiplied by")),
  sampleWeight: optional(anything<NamedSamples>("what the loss of a sample is multiplied by")),
  callbacks: optional(anything<LayersCallback | readonly LayersCallback[]>("called while it trains")),
  modelModule: optional(
    tested(
      "module that registers classes or builds the model",
      `a URL, for example new URL("./model.js", import.meta.url)`,
      (given): given is URL | string => URL.canParse(String(given)),
    ),
  ),
  onEvent: optional(callback<(event: LayersFitEvent) => void>("is told what happens")),
} as const;

/** Options of `fit` for a compiled tfjs-layers model. */
export type LayersFitOptions = GivenOptions<typeof layersOptions>;

export interface CheckedLayersOptions extends Omit<OptionValues<typeof layersOptions>, "callbacks" | "modelModule"> {
  readonly callbacks: readonly LayersCallback[];
  readonly modelModule: string | undefined;
}

/**
 * Fills in the defaults, which are those of tfjs where it has the option, and refuses what cannot work, by name.
 *
 * @throws `FIT_OPTION` naming the option, what was expected and what came
 */
export function checkLayersOptions(options: LayersFitOptions): CheckedLayersOptions {
  refuseThoseOfTfjs(options);
  const values = readOptions(layersOptions, options, fitReader("fit of a compiled tfjs-layers model"));
  const { validationData, validationSplit, callbacks, modelModule } = values;
  checkShards(values);
  if (validationSplit !== undefined && validationData !== undefined) {
    throw new ParallelError(
      "FIT_OPTION",
      "give validationData or validationSplit: model.fit would not heed the second.",
    );
  }
  return {
    ...values,
    callbacks: checkCallbacks(callbacks),
    modelModule: modelModule === undefined ? undefined : String(modelModule),
  };
}

/** Options of `model.fit` that `fit` does not have, and what to do instead. */
const ofTfjs: Readonly<Record<string, string>> = {
  verbose: "fit prints nothing by itself; give progress: true, or onEvent",
  yieldEvery: "fit leaves this thread free all the time; leave it out",
  initialEpoch: "a second fit goes on where the first stopped; give the epochs that are left",
  stepsPerEpoch: "an epoch takes each sample once; give fewer samples",
  validationSteps: "validation takes all of validationData; give fewer samples",
  validationBatchSize: "validation has the same batchSize",
  validationFreq: "validation follows each epoch; call fit for some epochs, and again with validationData",
};

function refuseThoseOfTfjs(options: object): void {
  for (const [name, instead] of Object.entries(ofTfjs)) {
    if (typeof options !== "object" || (options as unknown) === null || !(name in options)) continue;
    throw new ParallelError("FIT_OPTION", `fit has no ${name}: ${instead}.`);
  }
}
