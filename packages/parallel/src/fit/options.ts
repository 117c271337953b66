import { restoreOptimizer, sgd, type Checkpoint, type KernelVariant, type Optimizer } from "@convoy/core/training";
import { ParallelError } from "../errors.ts";
import { checkCheckpointOptions, checkResumeOptions, type CheckpointOptions } from "./checkpoint_options.ts";
import { checkCommonOptions, checkNames, type CommonOptions } from "./common_options.ts";
import type { FitEvent } from "./events.ts";
import type { Loading } from "./loaded_data.ts";
import { refuse } from "./option_checks.ts";

export interface FitOptions {
  readonly epochs?: number | undefined;
  readonly batchSize?: number | undefined;
  readonly optimizer?: Optimizer | undefined;
  readonly workers?: number | undefined;
  readonly shards?: number | undefined;
  readonly seed?: number | undefined;
  readonly validation?: Loading | undefined;
  readonly test?: Loading | undefined;
  readonly validationSplit?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: FitEvent) => void) | undefined;
  readonly progress?: boolean | undefined;
  readonly targetAccuracy?: number | undefined;
  readonly replica?: "planned" | "tape" | undefined;
  readonly kernels?: KernelVariant | undefined;
  readonly timings?: boolean | undefined;
  readonly checkpoint?: CheckpointOptions | undefined;
  readonly resumeFrom?: Checkpoint | undefined;
  readonly override?: boolean | undefined;
  readonly maxRestarts?: number | undefined;
}

export interface CheckedOptions extends CommonOptions<FitEvent> {
  readonly optimizer: Optimizer;
  readonly validation: Loading | undefined;
  readonly test: Loading | undefined;
  readonly validationSplit: number | undefined;
  readonly targetAccuracy: number | undefined;
  readonly replica: "planned" | "tape" | undefined;
  readonly kernels: KernelVariant | undefined;
  readonly timings: boolean;
  readonly checkpoint: CheckpointOptions | undefined;
  readonly resumeFrom: Checkpoint | undefined;
  readonly override: boolean;
}

const known: Readonly<Record<keyof FitOptions, true>> = {
  epochs: true,
  batchSize: true,
  optimizer: true,
  workers: true,
  shards: true,
  seed: true,
  validation: true,
  test: true,
  validationSplit: true,
  signal: true,
  onEvent: true,
  progress: true,
  targetAccuracy: true,
  replica: true,
  kernels: true,
  timings: true,
  checkpoint: true,
  resumeFrom: true,
  override: true,
  maxRestarts: true,
};

/**
 * Fills in the defaults and refuses what cannot work, by name.
 *
 * @throws `FIT_OPTION` naming the option, what was expected and what came
 */
export function checkOptions(options: FitOptions): CheckedOptions {
  checkNames(options, known, "fit");
  const common = checkCommonOptions(options, 64);
  const { validation, validationSplit, test, targetAccuracy, replica, kernels, checkpoint, resumeFrom } = options;
  const { timings = false, override = false } = options;
  checkData("validation", validation);
  checkData("test", test);
  const isShare = typeof validationSplit === "number" && validationSplit > 0 && validationSplit < 1;
  if (validationSplit !== undefined && !isShare) {
    refuse("validationSplit", "a number above 0 and below 1", validationSplit);
  }
  if (validation !== undefined && validationSplit !== undefined) {
    throw new ParallelError(
      "FIT_OPTION",
      "validation and validationSplit both say which images to validate on; give one of them.",
    );
  }
  if (replica !== undefined && replica !== "planned" && replica !== "tape") {
    refuse("replica", `"planned" or "tape"`, replica);
  }
  if (kernels !== undefined && kernels !== "narrow" && kernels !== "wide") {
    refuse("kernels", `"narrow" or "wide"`, kernels);
  }
  if (typeof timings !== "boolean") refuse("timings", "true or false", timings);
  if (checkpoint !== undefined) checkCheckpointOptions(checkpoint);
  checkResumeOptions(resumeFrom, override);
  const behind = resumeFrom?.epoch ?? 0;
  if (common.epochs < behind) {
    throw new ParallelError(
      "FIT_OPTION",
      `epochs counts from the run's beginning: the checkpoint has ${behind} epochs behind it, and epochs is ${common.epochs}.`,
    );
  }
  if (targetAccuracy !== undefined) {
    if (!(typeof targetAccuracy === "number" && targetAccuracy > 0 && targetAccuracy <= 1)) {
      refuse("targetAccuracy", "a number above 0 and at most 1", targetAccuracy);
    }
    if (validation === undefined && validationSplit === undefined && test === undefined) {
      throw new ParallelError(
        "FIT_OPTION",
        "targetAccuracy is compared with the accuracy on test images, or else on validation images; give test, validation " +
          "or validationSplit, or leave it out.",
      );
    }
  }
  return {
    ...common,
    optimizer: checkedOptimizer(options.optimizer),
    validation,
    validationSplit,
    test,
    targetAccuracy,
    replica,
    kernels,
    timings,
    checkpoint,
    resumeFrom,
    override,
  };
}

function checkData(name: string, data: unknown): void {
  if (data === undefined || (typeof data === "object" && data !== null)) return;
  refuse(name, "an object { images, labels, shape }, or the promise of one", data);
}

/** The seed program's optimizer, if none was given. */
function checkedOptimizer(optimizer: Optimizer = sgd({ learningRate: 0.001, momentum: 0.9 })): Optimizer {
  try {
    return restoreOptimizer(optimizer);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ParallelError("FIT_OPTION", `optimizer cannot work: ${why}`, { cause });
  }
}
