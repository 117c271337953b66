import type { EpochSums } from "@convoy/core/training";
import type { StepEvent } from "./events.ts";

/** As the seed program prints. */
export const stepsPerEvent = 100;

/** How far an epoch is. */
interface Sums extends EpochSums {
  readonly steps: number;
  readonly images: number;
}

export interface EpochRecordOptions {
  /** From 1. */
  readonly epoch: number;
  /** Of each step of the epoch, as the workers note them. */
  readonly losses: Float32Array;
  readonly corrects: Float32Array;
  readonly batchSize: number;
  /** Images in the epoch. */
  readonly count: number;
  /** Images of the epoch that an earlier run used up, and its sums over them. */
  readonly samplerPosition: number;
  readonly metrics: EpochSums;
}

/**
 * Follows one epoch in shared memory: workers note each step's loss and right answers there, so that neither they nor
 * the main thread sends a message.
 */
export class EpochRecord {
  readonly #options: EpochRecordOptions;
  readonly #start: Sums;
  #now: Sums;

  constructor(options: EpochRecordOptions) {
    const { samplerPosition, metrics, batchSize } = options;
    this.#options = options;
    this.#start = { ...metrics, steps: Math.ceil(samplerPosition / batchSize), images: samplerPosition };
    this.#now = this.#start;
  }

  get steps(): number {
    return this.#now.steps;
  }

  /** Those that were trained here. */
  get newImages(): number {
    return this.#now.images - this.#start.images;
  }

  /** Mean over the images so far. */
  get loss(): number {
    return this.#now.loss / this.#now.images;
  }

  get trainAccuracy(): number {
    return this.#now.correct / this.#now.images;
  }

  /**
   * Takes in the steps up to `steps`, which must have been read from the count of whole steps: a step's numbers are
   * written before it is counted.
   *
   * @returns an event for each hundred minibatches that became full
   */
  advance(steps: number): StepEvent[] {
    const events: StepEvent[] = [];
    while (this.#now.steps < steps) {
      const { recentLoss } = this.#now;
      this.#now = this.#after(this.#now);
      const step = this.#now.steps;
      if (step % stepsPerEvent !== 0) continue;
      const loss = (recentLoss + this.#options.losses[step - 1]) / stepsPerEvent;
      events.push({ event: "step", epoch: this.#options.epoch, step, loss });
    }
    return events;
  }

  /** The sums after so many steps of the epoch, which must be whole and not before its start. */
  at(steps: number): Sums {
    let sums = this.#start;
    while (sums.steps < steps) sums = this.#after(sums);
    return sums;
  }

  #after({ steps, images, loss, correct, recentLoss }: Sums): Sums {
    const { losses, corrects, batchSize, count } = this.#options;
    const added = Math.min(batchSize, count - images);
    const full = (steps + 1) % stepsPerEvent === 0;
    return {
      steps: steps + 1,
      images: images + added,
      loss: loss + losses[steps] * added,
      correct: correct + corrects[steps],
      recentLoss: full ? 0 : recentLoss + losses[steps],
    };
  }
}
