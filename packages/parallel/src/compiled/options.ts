import { availableParallelism } from "node:os";
import { ParallelError } from "../errors.ts";
import { refuse, show, whole } from "../fit/option_checks.ts";
import { maximumBatchSize, maximumWorkers } from "../fit/options.ts";
import { defaultShards, maximumShards } from "../plan/shards.ts";
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
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: LayersFitEvent) => void) | undefined;
}

export interface CheckedLayersOptions {
  readonly epochs: number;
  readonly batchSize: number;
  readonly workers: number;
  readonly shards: number;
  readonly seed: number;
  readonly shuffle: boolean;
  readonly validationData: LayersData | undefined;
  readonly modelModule: string | undefined;
  readonly signal: AbortSignal | undefined;
  readonly onEvent: ((event: LayersFitEvent) => void) | undefined;
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
  signal: true,
  onEvent: true,
};

/**
 * Fills in the defaults, which are those of tfjs where it has the option, and refuses what cannot work, by name.
 *
 * @throws `FIT_OPTION` naming the option, what was expected and what came
 */
export function checkLayersOptions(options: LayersFitOptions): CheckedLayersOptions {
  if (typeof options !== "object" || (options as unknown) === null || Array.isArray(options)) {
    throw new ParallelError("FIT_OPTION", `fit takes an object of options; got ${show(options)}.`);
  }
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(known, name)) continue;
    throw new ParallelError(
      "FIT_OPTION",
      `fit of a compiled tfjs-layers model has no option ${name}; it takes ${Object.keys(known).join(", ")}.`,
    );
  }
  const { epochs = 1, batchSize = 32, workers = availableParallelism(), seed = 1, shuffle = true } = options;
  const { validationData, modelModule, signal, onEvent } = options;
  whole("batchSize", batchSize, 1, maximumBatchSize);
  const { shards = defaultShards(batchSize) } = options;
  whole("shards", shards, 1, maximumShards);
  if (shards > batchSize) refuse("shards", `at most the batch size, ${batchSize}`, shards);
  if (typeof shuffle !== "boolean") refuse("shuffle", "true or false", shuffle);
  if (signal !== undefined && !(signal instanceof AbortSignal)) refuse("signal", "an AbortSignal", signal);
  if (onEvent !== undefined && typeof onEvent !== "function") refuse("onEvent", "a function", onEvent);
  if (modelModule !== undefined && !URL.canParse(String(modelModule))) {
    refuse("modelModule", `a URL, for example new URL("./model.js", import.meta.url)`, modelModule);
  }
  return {
    epochs: whole("epochs", epochs, 1, 1_000_000),
    batchSize,
    workers: whole("workers", workers, 1, maximumWorkers),
    shards,
    seed: whole("seed", seed, 0, 2 ** 32 - 1),
    shuffle,
    validationData,
    modelModule: modelModule === undefined ? undefined : String(modelModule),
    signal,
    onEvent,
  };
}
