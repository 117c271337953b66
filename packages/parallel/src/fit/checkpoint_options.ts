import type { Checkpoint } from "@convoy/core/training";
import { ParallelError } from "../errors.ts";
import { refuse, whole } from "./option_checks.ts";

/**
 * When a run is saved. Each rhythm is by itself; without any, checkpoints are those of step 0, of each epoch's end and of
 * the end of the run, however it ends.
 */
export interface CheckpointOptions {
  /**
   * Also within an epoch: after each step that is a multiple of this, from 1. Where `save` takes longer than that, after
   * the first step at which there is room for another one.
   */
  readonly everySteps?: number | undefined;
  /** At the end of each epoch that is a multiple of this, from 1. Default: 1 */
  readonly everyEpochs?: number | undefined;
  /** Also within an epoch: so many seconds after the last checkpoint, above 0. */
  readonly everySeconds?: number | undefined;
  /** Asked several times a second while an epoch runs: where it answers true, also after the next step. */
  readonly wanted?: (() => boolean) | undefined;
  /**
   * Called in the main thread while training goes on, never twice at the same time. Its checkpoint is a copy, its own to
   * keep. When it fails, training goes on, an event tells it, and the next checkpoint is tried.
   */
  readonly save: (checkpoint: Checkpoint) => Promise<unknown> | void;
}

const known: Readonly<Record<keyof CheckpointOptions, true>> = {
  everySteps: true,
  everyEpochs: true,
  everySeconds: true,
  wanted: true,
  save: true,
};

/**
 * Refuses what cannot work, by name.
 *
 * @throws `FIT_OPTION`
 */
export function checkCheckpointOptions(options: unknown): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    refuse("checkpoint", "an object with a function save", options);
  }
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(known, name)) continue;
    const names = Object.keys(known).join(", ");
    throw new ParallelError("FIT_OPTION", `checkpoint has no option ${name}; it takes ${names}.`);
  }
  const { everySteps, everyEpochs, everySeconds, wanted, save }: Partial<Record<keyof CheckpointOptions, unknown>> =
    options;
  if (typeof save !== "function") refuse("checkpoint.save", "a function", save);
  if (wanted !== undefined && typeof wanted !== "function") refuse("checkpoint.wanted", "a function", wanted);
  for (const [name, value] of Object.entries({ everySteps, everyEpochs })) {
    if (value !== undefined) whole(`checkpoint.${name}`, value, 1, 2 ** 31 - 1);
  }
  const seconds = everySeconds === undefined || (typeof everySeconds === "number" && everySeconds > 0);
  if (!seconds) refuse("checkpoint.everySeconds", "a number above 0", everySeconds);
}

/**
 * Refuses what is no checkpoint. Whether its parts fit together is for core to say.
 *
 * @throws `FIT_OPTION`
 */
export function checkResumeOptions(resumeFrom: unknown, override: unknown): void {
  if (resumeFrom !== undefined && !hasPartsOfCheckpoint(resumeFrom)) {
    refuse("resumeFrom", "a checkpoint, as save gets it and readCheckpoint gives it", resumeFrom);
  }
  if (typeof override !== "boolean") refuse("override", "true or false", override);
  if (!override || resumeFrom !== undefined) return;
  throw new ParallelError("FIT_OPTION", "override belongs to resumeFrom; give a checkpoint, or leave it out.");
}

function hasPartsOfCheckpoint(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { parameters, weights, optimizerState, optimizer, metrics, settings } = value;
  const vectors = Array.isArray(optimizerState) ? [weights, ...optimizerState] : [undefined];
  if (!vectors.every((vector) => vector instanceof Float32Array)) return false;
  return Array.isArray(parameters) && [...parameters, optimizer, metrics, settings].every(isObject);
}

function isObject(value: unknown): value is Partial<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
