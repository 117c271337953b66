import { shown } from "../../network/printable.ts";
import { CoreError } from "../../errors.ts";
import type { BestWeights, Checkpoint } from "./checkpoint.ts";

/** How far a run is: what a checkpoint holds beside vectors and settings. */
export interface Progress extends Pick<Checkpoint, "epoch" | "step" | "samplerPosition" | "seed" | "metrics"> {
  readonly best?: Omit<BestWeights, "weights"> | undefined;
}

type Rule = readonly [name: string, value: number, possible: boolean, expected: string];

/**
 * Refuses counts that no run can have.
 *
 * @throws `CHECKPOINT_PROGRESS`
 */
export function checkProgress(progress: Progress, file: string): void {
  const { epoch, step, samplerPosition, seed, metrics, best } = progress;
  const { loss, correct, recentLoss } = metrics;
  const whole = Number.MAX_SAFE_INTEGER;
  const rules: readonly Rule[] = [
    ["step", step, isWhole(step, 0, whole), "a whole number from 0"],
    ["epoch", epoch, isWhole(epoch, 0, step), "a whole number from 0 and at most the step"],
    ["seed", seed, isWhole(seed, 0, 2 ** 32 - 1), "a whole number from 0 to 4294967295"],
    [
      "sampler position",
      samplerPosition,
      isWhole(samplerPosition, 0, step > epoch ? whole : 0),
      "a whole number from 0, and 0 where no step of the epoch is done",
    ],
    ["number of right answers", correct, isWhole(correct, 0, samplerPosition), "from 0 to the sampler position"],
    ["sum of losses", loss, isSum(loss, samplerPosition), "finite, and 0 before the first image"],
    ["recent loss", recentLoss, isSum(recentLoss, samplerPosition), "finite, and 0 before the first image"],
    ...(best === undefined ? [] : rulesOfBest(best, step)),
  ];
  for (const [name, value, possible, expected] of rules) {
    if (possible) continue;
    throw new CoreError(
      "CHECKPOINT_PROGRESS",
      `the ${name} of ${file} must be ${expected}; got ${shown(value)}. Use another checkpoint.`,
    );
  }
}

function rulesOfBest({ epoch, step, loss, correct, total }: Omit<BestWeights, "weights">, steps: number): Rule[] {
  return [
    ["step of the best weights", step, isWhole(step, 1, steps), "a whole number from 1 and at most the step"],
    ["epoch of the best weights", epoch, isWhole(epoch, 1, step), "a whole number from 1 and at most their step"],
    ["images of the best weights", total, isWhole(total, 1, Number.MAX_SAFE_INTEGER), "a whole number from 1"],
    ["right answers of the best weights", correct, isWhole(correct, 0, total), "from 0 to the number of their images"],
    ["loss of the best weights", loss, Number.isFinite(loss), "finite"],
  ];
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isSafeInteger(value) && value >= least && value <= most;
}

function isSum(value: number, images: number): boolean {
  return Number.isFinite(value) && (images > 0 || value === 0);
}
