import { type Checkpoint, type GivenOptions, optional, readOptions, tested, whole } from "@convoy/core/training";
import { callback, fitReader, refuse } from "./option_checks.ts";

const often = 2 ** 31 - 1;

const checkpointOptions = {
  /**
   * Also within an epoch: after each step that is a multiple of this, from 1. Where `save` takes longer than that, after
   * the first step at which there is room for another one.
   */
  everySteps: optional(whole("steps from one to the next", 1, often)),
  /** At the end of each epoch that is a multiple of this, from 1. Default: 1 */
  everyEpochs: optional(whole("epochs from one to the next", 1, often), "1"),
  /** Also within an epoch: so many seconds after the last checkpoint, above 0. */
  everySeconds: optional(
    tested(
      "seconds from one to the next",
      "a number above 0",
      (given): given is number => typeof given === "number" && given > 0,
      "number",
    ),
  ),
  /** Asked several times a second while an epoch runs: where it answers true, also after the next step. */
  wanted: optional(callback<() => boolean>("asks for one")),
  /**
   * Called in the main thread while training goes on, never twice at the same time. Its checkpoint is a copy, its own to
   * keep. When it fails, training goes on, an event tells it, and the next checkpoint is tried.
   */
  save: callback<(checkpoint: Checkpoint) => Promise<unknown> | void>("keeps one"),
} as const;

/**
 * When a run is saved. Each rhythm is by itself; without any, checkpoints are those of step 0, of each epoch's end and of
 * the end of the run, however it ends.
 */
export type CheckpointOptions = GivenOptions<typeof checkpointOptions>;

/**
 * Refuses what cannot work, by name.
 *
 * @throws `FIT_OPTION`
 */
export function checkCheckpointOptions(options: unknown): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    refuse("checkpoint", "an object with a function save", options);
  }
  readOptions(checkpointOptions, options, fitReader("checkpoint", "checkpoint."));
}

/** Whether the parts of a checkpoint fit together is for core to say. */
export const checkpointOption = tested(
  "goes on with a run",
  "a checkpoint, as save gets it and readCheckpoint gives it",
  hasPartsOfCheckpoint,
);

function hasPartsOfCheckpoint(value: unknown): value is Checkpoint {
  if (!isObject(value)) return false;
  const { parameters, weights, optimizerState, optimizer, metrics, settings } = value;
  const vectors = Array.isArray(optimizerState) ? [weights, ...optimizerState] : [undefined];
  if (!vectors.every((vector) => vector instanceof Float32Array)) return false;
  return Array.isArray(parameters) && [...parameters, optimizer, metrics, settings].every(isObject);
}

function isObject(value: unknown): value is Partial<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
