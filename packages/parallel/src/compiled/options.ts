import { ParallelError } from "../errors.ts";
import { checkCommonOptions, checkNames, type CommonOptions } from "../fit/common_options.ts";
import { refuse } from "../fit/option_checks.ts";
import { checkCallbacks, type LayersCallback } from "./callbacks.ts";
import type { LayersFitEvent } from "./events.ts";
import type { ClassWeights } from "./sample_weights.ts";
import type { LayersData, NamedSamples } from "./samples.ts";

/** Options of `fit` for a compiled tfjs-layers model. */
export interface LayersFitOptions {
  readonly epochs?: number | undefined;
  readonly batchSize?: number | undefined;
  readonly workers?: number | undefined;
  readonly shards?: number | undefined;
  readonly seed?: number | undefined;
  readonly shuffle?: boolean | undefined;
  readonly validationData?: LayersData | undefined;
  readonly validationSplit?: number | undefined;
  readonly classWeight?: ClassWeights | undefined;
  readonly sampleWeight?: NamedSamples | undefined;
  readonly callbacks?: LayersCallback | readonly LayersCallback[] | undefined;
  readonly modelModule?: URL | string | undefined;
  readonly maxRestarts?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: LayersFitEvent) => void) | undefined;
  readonly progress?: boolean | undefined;
}

export interface CheckedLayersOptions extends Omit<CommonOptions<LayersFitEvent>, "shards"> {
  /** Where nobody asks, the model decides. */
  readonly shards: number | undefined;
  readonly shuffle: boolean;
  readonly validationData: LayersData | undefined;
  readonly validationSplit: number | undefined;
  readonly classWeight: ClassWeights | undefined;
  readonly sampleWeight: NamedSamples | undefined;
  readonly callbacks: readonly LayersCallback[];
  readonly modelModule: string | undefined;
}

const known: Readonly<Record<keyof LayersFitOptions, true>> = {
  epochs: true,
  batchSize: true,
  workers: true,
  shards: true,
  seed: true,
  shuffle: true,
  validationData: true,
  validationSplit: true,
  classWeight: true,
  sampleWeight: true,
  callbacks: true,
  modelModule: true,
  maxRestarts: true,
  signal: true,
  onEvent: true,
  progress: true,
};

/**
 * Fills in the defaults, which are those of tfjs where it has the option, and refuses what cannot work, by name.
 *
 * @throws `FIT_OPTION` naming the option, what was expected and what came
 */
export function checkLayersOptions(options: LayersFitOptions): CheckedLayersOptions {
  refuseThoseOfTfjs(options);
  checkNames(options, known, "fit of a compiled tfjs-layers model");
  const common = checkCommonOptions(options, 32);
  const { shuffle = true, validationData, validationSplit, classWeight, sampleWeight, modelModule } = options;
  if (typeof shuffle !== "boolean") refuse("shuffle", "true or false", shuffle);
  if (modelModule !== undefined && !URL.canParse(String(modelModule))) {
    refuse("modelModule", `a URL, for example new URL("./model.js", import.meta.url)`, modelModule);
  }
  const isShare = typeof validationSplit === "number" && validationSplit > 0 && validationSplit < 1;
  if (validationSplit !== undefined && !isShare) {
    refuse("validationSplit", "a number above 0 and below 1", validationSplit);
  }
  if (validationSplit !== undefined && validationData !== undefined) {
    throw new ParallelError(
      "FIT_OPTION",
      "give validationData or validationSplit: model.fit would not heed the second.",
    );
  }
  return {
    ...common,
    shards: options.shards,
    shuffle,
    validationData,
    validationSplit,
    classWeight,
    sampleWeight,
    callbacks: checkCallbacks(options.callbacks),
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
