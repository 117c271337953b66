import {
  byDefault,
  flag,
  type GivenOptions,
  oneOf,
  optional,
  type Optimizer,
  type OptionValues,
  readOptions,
  restoreOptimizer,
  sgd,
  tested,
} from "@convoy/core/training";
import { ParallelError } from "../errors.ts";
import { checkCheckpointOptions, type CheckpointOptions, checkpointOption } from "./checkpoint_options.ts";
import { batchSize, checkShards, commonOptions, shardsByDefault } from "./common_options.ts";
import type { FitEvent } from "./events.ts";
import type { Loading } from "./loaded_data.ts";
import { callback, fitReader, object, properShare } from "./option_checks.ts";

const data = "an object { images, labels, shape }, or the promise of one";

/** The options of `fit`, by which it reads them. */
export const fitOptions = {
  ...commonOptions,
  batchSize: byDefault(batchSize, 64),
  shards: shardsByDefault,
  // The seed program's, if none is given.
  optimizer: byDefault(
    tested("how gradients become steps", "an optimizer", (given): given is Optimizer => given !== undefined),
    sgd({ learningRate: 0.001, momentum: 0.9 }),
    "sgd({ learningRate: 0.001, momentum: 0.9 })",
  ),
  validation: optional(object<Loading>("images by which the best weights are chosen", data)),
  validationSplit: optional(properShare("share of the training images to keep away from training"), "none"),
  test: optional(object<Loading>("images to evaluate on after each epoch", data)),
  onEvent: optional(callback<(event: FitEvent) => void>("is told what happens")),
  targetAccuracy: optional(
    tested(
      "stop after the epoch that reaches this share of right answers",
      "a number above 0 and at most 1",
      (given): given is number => typeof given === "number" && given > 0 && given <= 1,
      "number",
    ),
  ),
  replica: optional(oneOf("what computes a Sequential", ["planned", "tape"])),
  kernels: optional(oneOf("of a planned replica", ["narrow", "wide"])),
  timings: byDefault(flag("whether results say what each worker did"), false),
  checkpoint: optional(
    tested("saves the run", "an object with a function save", (given): given is CheckpointOptions => {
      return typeof given === "object" && given !== null && !Array.isArray(given);
    }),
  ),
  resumeFrom: optional(checkpointOption),
  override: byDefault(flag("whether settings may differ from the checkpoint's"), false),
} as const;

export type FitOptions = GivenOptions<typeof fitOptions>;
export type CheckedOptions = OptionValues<typeof fitOptions>;

/**
 * Fills in the defaults and refuses what cannot work, by name.
 *
 * @throws `FIT_OPTION` naming the option, what was expected and what came
 */
export function checkOptions(options: FitOptions): CheckedOptions {
  const values = readOptions(fitOptions, options, fitReader());
  const { epochs, validation, validationSplit, test, targetAccuracy, checkpoint, resumeFrom, override } = values;
  checkShards(values);
  if (validation !== undefined && validationSplit !== undefined) {
    throw new ParallelError(
      "FIT_OPTION",
      "validation and validationSplit both say which images to validate on; give one of them.",
    );
  }
  if (checkpoint !== undefined) checkCheckpointOptions(checkpoint);
  if (override && resumeFrom === undefined) {
    throw new ParallelError("FIT_OPTION", "override belongs to resumeFrom; give a checkpoint, or leave it out.");
  }
  const behind = resumeFrom?.epoch ?? 0;
  if (epochs < behind) {
    throw new ParallelError(
      "FIT_OPTION",
      `epochs counts from the run's beginning: the checkpoint has ${behind} epochs behind it, and epochs is ${epochs}.`,
    );
  }
  if (targetAccuracy !== undefined && (validation ?? validationSplit ?? test) === undefined) {
    throw new ParallelError(
      "FIT_OPTION",
      "targetAccuracy is compared with the accuracy on test images, or else on validation images; give test, validation " +
        "or validationSplit, or leave it out.",
    );
  }
  return { ...values, optimizer: checkedOptimizer(values.optimizer) };
}

function checkedOptimizer(optimizer: unknown): Optimizer {
  try {
    return restoreOptimizer(optimizer);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ParallelError("FIT_OPTION", `optimizer cannot work: ${why}`, { cause });
  }
}
