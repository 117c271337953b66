import { byDefault, flag, optional, otherwise, tested, whole } from "@convoy/core/training";
import { usableCores } from "../machine/usable_cores.ts";
import { defaultShards, maximumShards } from "../plan/shards.ts";
import { maximumWorkers } from "../plan/maximum_workers.ts";
import { refuse } from "./option_checks.ts";

const many = 1_000_000;

/** The options that both kinds of `fit` have alike. */
export const commonOptions = {
  epochs: byDefault(whole("times through the training images", 1, many), 1),
  workers: otherwise(
    whole("threads; more than there are shards are not started", 1, maximumWorkers),
    () => usableCores(),
    "all cores",
  ),
  seed: byDefault(whole("of first weights, order of the images and dropout", 0, 2 ** 32 - 1), 1),
  maxRestarts: byDefault(
    whole(
      "how often in a row fresh threads take over after one that failed; 0 ends the run at the first fault",
      0,
      many,
    ),
    3,
  ),
  signal: optional(
    tested("stops the run", "an AbortSignal", (given): given is AbortSignal => given instanceof AbortSignal),
  ),
  progress: byDefault(flag("whether epochs and a bar are shown"), false),
} as const;

export const batchSize = whole("images in a minibatch", 1, 2 ** 20);

export const shards = whole(
  "parts of a minibatch, whose number decides the last bits of the weights",
  1,
  maximumShards,
);

/** One for 16 images. */
export const shardsByDefault = otherwise(
  shards,
  (values) => defaultShards(Number(values["batchSize"])),
  "one for 16 images",
);

/** @throws `FIT_OPTION` for more shards than a minibatch has images */
export function checkShards(values: { readonly shards: number | undefined; readonly batchSize: number }): void {
  if (values.shards === undefined || values.shards <= values.batchSize) return;
  refuse("shards", `at most the batch size, ${values.batchSize}`, values.shards);
}
