import { CoreError } from "../errors.ts";
import type { Checkpoint } from "./checkpoint.ts";

/** How far a run is: what a checkpoint holds beside vectors and settings. */
export type Progress = Pick<Checkpoint, "epoch" | "step" | "samplerPosition" | "seed" | "metrics">;

/**
 * Refuses counts that no run can have.
 *
 * @throws `CHECKPOINT_PROGRESS`
 */
export function checkProgress({ epoch, step, samplerPosition, seed, metrics }: Progress, file: string): void {
  const { loss, correct, recentLoss } = metrics;
  const whole = Number.MAX_SAFE_INTEGER;
  const rules: readonly (readonly [name: string, value: number, possible: boolean, expected: string])[] = [
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
  ];
  for (const [name, value, possible, expected] of rules) {
    if (possible) continue;
    throw new CoreError(
      "CHECKPOINT_PROGRESS",
      `the ${name} of ${file} must be ${expected}; got ${value}. Use another checkpoint.`,
    );
  }
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isSafeInteger(value) && value >= least && value <= most;
}

function isSum(value: number, images: number): boolean {
  return Number.isFinite(value) && (images > 0 || value === 0);
}
