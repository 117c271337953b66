import type { Optimizer } from "@convoy/core/training";
import { defaultShards } from "@convoy/parallel";
import { usableCores } from "@convoy/parallel/machine";
import { UsageError } from "../errors.ts";
import { chosenOptimizer } from "./optimizer_options.ts";
import type { StartValues } from "./start_options.ts";

/** What the options of `start` come to, defaults filled in. */
export interface TrainingSettings {
  readonly optimizer: Optimizer;
  readonly workers: number;
  readonly shards: number;
}

/**
 * Judges options that are right each by itself but not together.
 *
 * @throws UsageError OPTION_COMBINATION
 */
export function trainingSettings(values: StartValues): TrainingSettings {
  const batchSize = values["batch-size"];
  const shards = values.shards ?? defaultShards(batchSize);
  if (shards > batchSize) {
    throw new UsageError(
      "OPTION_COMBINATION",
      `--shards ${shards} is more than --batch-size ${batchSize}; a shard holds at least one image.`,
    );
  }
  if (values["allow-partial"] && values["init-from"] === undefined) {
    throw new UsageError(
      "OPTION_COMBINATION",
      "--allow-partial belongs to --init-from, which says whose weights are taken.",
    );
  }
  return {
    optimizer: chosenOptimizer(values),
    workers: values.workers ?? usableCores(),
    shards,
  };
}
