import type { StepEvent } from "./events.ts";

/** As the seed program prints. */
export const stepsPerEvent = 100;

/**
 * Follows one epoch in shared memory: workers note each step's loss and right answers there, so that neither they nor
 * the main thread sends a message.
 */
export class EpochRecord {
  readonly #epoch: number;
  readonly #losses: Float32Array;
  readonly #corrects: Float32Array;
  readonly #batchSize: number;
  readonly #count: number;
  #steps = 0;
  #images = 0;
  #lossSum = 0;
  #correct = 0;
  #hundred = 0;

  /**
   * @param epoch from 1
   * @param count images in the epoch
   */
  constructor(epoch: number, losses: Float32Array, corrects: Float32Array, batchSize: number, count: number) {
    this.#epoch = epoch;
    this.#losses = losses;
    this.#corrects = corrects;
    this.#batchSize = batchSize;
    this.#count = count;
  }

  get steps(): number {
    return this.#steps;
  }

  get images(): number {
    return this.#images;
  }

  /** Mean over the images so far. */
  get loss(): number {
    return this.#lossSum / this.#images;
  }

  get trainAccuracy(): number {
    return this.#correct / this.#images;
  }

  /**
   * Takes in the steps up to `steps`, which must have been read from the count of whole steps: a step's numbers are
   * written before it is counted.
   *
   * @returns an event for each hundred minibatches that became full
   */
  advance(steps: number): StepEvent[] {
    const events: StepEvent[] = [];
    for (; this.#steps < steps; this.#steps++) {
      const images = Math.min(this.#batchSize, this.#count - this.#images);
      const loss = this.#losses[this.#steps];
      this.#images += images;
      this.#lossSum += loss * images;
      this.#correct += this.#corrects[this.#steps];
      this.#hundred += loss;
      const step = this.#steps + 1;
      if (step % stepsPerEvent !== 0) continue;
      events.push({ event: "step", epoch: this.#epoch, step, loss: this.#hundred / stepsPerEvent });
      this.#hundred = 0;
    }
    return events;
  }
}
