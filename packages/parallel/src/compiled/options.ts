import { checkCommonOptions, checkNames, type CommonOptions } from "../fit/common_options.ts";
import { refuse } from "../fit/option_checks.ts";
import type { LayersFitEvent } from "./events.ts";
import type { LayersData } from "./samples.ts";

/** Options of `fit` for a compiled tfjs-layers model. */
export interface LayersFitOptions {
  readonly epochs?: number | undefined;
  readonly batchSize?: number | undefined;
  readonly workers?: number | undefined;
  readonly shards?: number | undefined;
  readonly seed?: number | undefined;
  readonly shuffle?: boolean | undefined;
  readonly validationData?: LayersData | undefined;
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
  checkNames(options, known, "fit of a compiled tfjs-layers model");
  const common = checkCommonOptions(options, 32);
  const { shuffle = true, validationData, modelModule } = options;
  if (typeof shuffle !== "boolean") refuse("shuffle", "true or false", shuffle);
  if (modelModule !== undefined && !URL.canParse(String(modelModule))) {
    refuse("modelModule", `a URL, for example new URL("./model.js", import.meta.url)`, modelModule);
  }
  return {
    ...common,
    shards: options.shards,
    shuffle,
    validationData,
    modelModule: modelModule === undefined ? undefined : String(modelModule),
  };
}
