import { shown } from "@convoy/core/training";
import { ParallelError } from "../errors.ts";
import { usableCores } from "../machine/usable_cores.ts";
import { defaultShards, maximumShards } from "../plan/shards.ts";
import { maximumWorkers } from "../plan/maximum_workers.ts";
import { refuse, whole } from "./option_checks.ts";

const maximumBatchSize = 2 ** 20;

/** The options that both kinds of `fit` have, with their defaults. */
export interface CommonOptions<Event> {
  readonly epochs: number;
  readonly batchSize: number;
  readonly workers: number;
  readonly shards: number;
  readonly seed: number;
  readonly maxRestarts: number;
  readonly signal: AbortSignal | undefined;
  readonly onEvent: ((event: Event) => void) | undefined;
  readonly progress: boolean;
}

type Given<Event> = { readonly [Name in keyof CommonOptions<Event>]?: CommonOptions<Event>[Name] | undefined };

/**
 * Refuses what is no object, and names that are not known.
 *
 * @param who what has the options, in messages
 */
export function checkNames(options: object, known: object, who: string): void {
  if (typeof options !== "object" || (options as unknown) === null || Array.isArray(options)) {
    throw new ParallelError("FIT_OPTION", `fit takes an object of options; got ${shown(options)}.`);
  }
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(known, name)) continue;
    throw new ParallelError("FIT_OPTION", `${who} has no option ${name}; it takes ${Object.keys(known).join(", ")}.`);
  }
}

export function checkCommonOptions<Event>(options: Given<Event>, defaultBatchSize: number): CommonOptions<Event> {
  const { epochs = 1, batchSize = defaultBatchSize, workers = usableCores(), seed = 1 } = options;
  const { maxRestarts = 3, signal, onEvent, progress = false } = options;
  whole("batchSize", batchSize, 1, maximumBatchSize);
  const { shards = defaultShards(batchSize) } = options;
  whole("shards", shards, 1, maximumShards);
  if (shards > batchSize) refuse("shards", `at most the batch size, ${batchSize}`, shards);
  if (signal !== undefined && !(signal instanceof AbortSignal)) refuse("signal", "an AbortSignal", signal);
  if (onEvent !== undefined && typeof onEvent !== "function") refuse("onEvent", "a function", onEvent);
  if (typeof progress !== "boolean") refuse("progress", "true or false", progress);
  whole("epochs", epochs, 1, 1_000_000);
  whole("workers", workers, 1, maximumWorkers);
  whole("seed", seed, 0, 2 ** 32 - 1);
  whole("maxRestarts", maxRestarts, 0, 1_000_000);
  return { epochs, batchSize, workers, shards, seed, maxRestarts, signal, onEvent, progress };
}
