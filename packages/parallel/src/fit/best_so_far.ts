import type { BestWeights, Checkpoint } from "@convoy/core/training";
import type { BestResult } from "./result.ts";
import type { RunIdentity } from "./run_identity.ts";
import { differingSettings } from "./settings_differences.ts";

/** Settings that decide which weights come, and not what these are worth. */
const ofTraining: ReadonlySet<string> = new Set(["batchSize", "shards", "replica", "kernels", "kernelsSha256"]);

/** Remembers the weights that did best on the validation images. */
export class BestSoFar {
  #best: BestWeights | undefined;

  /** @param best of the run that this one goes on from */
  constructor(best: BestWeights | undefined) {
    this.#best = best;
  }

  get best(): BestWeights | undefined {
    return this.#best;
  }

  get result(): BestResult | undefined {
    if (this.#best === undefined) return undefined;
    const { loss: validationLoss, ...best } = this.#best;
    return { ...best, validationAccuracy: best.correct / best.total, validationLoss };
  }

  /**
   * More right answers are better; of as many, the lower loss; of the same, the earlier epoch.
   *
   * @param weights copied only when they are better
   * @returns whether they are
   */
  offer(epoch: Omit<BestWeights, "weights">, weights: () => Float32Array): boolean {
    if (!Number.isFinite(epoch.loss)) return false;
    const { correct, loss } = this.#best ?? { correct: -1, loss: 0 };
    if (epoch.correct < correct || (epoch.correct === correct && epoch.loss >= loss)) return false;
    this.#best = { ...epoch, weights: weights() };
    return true;
  }
}

/** The best weights of a checkpoint, unless they were found on other images or are of another network. */
export function resumedBest(checkpoint: Checkpoint | undefined, now: RunIdentity | undefined): BestWeights | undefined {
  if (checkpoint?.best === undefined || now === undefined) return undefined;
  const differing = differingSettings(checkpoint, now);
  const comparable = differing.every(({ name }) => name.startsWith("optimizer.") || ofTraining.has(name));
  return comparable ? checkpoint.best : undefined;
}
