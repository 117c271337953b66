import type { StepEvent } from "../fit/events.ts";
import { stepsPerEvent } from "../fit/epoch_record.ts";

/** Follows loss and metrics of one epoch in shared memory, as workers note them; see `EpochRecord`. */
export class EpochLogs {
  readonly #epoch: number;
  readonly #names: readonly string[];
  /** A row of values a step. */
  readonly #records: Float32Array;
  readonly #batchSize: number;
  readonly #count: number;
  readonly #sums: Float64Array;
  #steps = 0;
  #samples = 0;
  #hundred = 0;

  /**
   * @param epoch from 1
   * @param count samples in the epoch
   */
  constructor(epoch: number, names: readonly string[], records: Float32Array, batchSize: number, count: number) {
    this.#epoch = epoch;
    this.#names = names;
    this.#records = records;
    this.#batchSize = batchSize;
    this.#count = count;
    this.#sums = new Float64Array(names.length);
  }

  get steps(): number {
    return this.#steps;
  }

  get samples(): number {
    return this.#samples;
  }

  /** Means over the samples so far: minibatches count by their size, as in tfjs. */
  get logs(): Record<string, number> {
    return Object.fromEntries(this.#names.map((name, i) => [name, this.#sums[i] / this.#samples]));
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
      const row = this.#records.subarray(this.#steps * this.#names.length);
      const samples = Math.min(this.#batchSize, this.#count - this.#samples);
      this.#samples += samples;
      for (let i = 0; i < this.#sums.length; i++) this.#sums[i] += row[i] * samples;
      this.#hundred += row[0];
      const step = this.#steps + 1;
      if (step % stepsPerEvent !== 0) continue;
      events.push({ event: "step", epoch: this.#epoch, step, loss: this.#hundred / stepsPerEvent });
      this.#hundred = 0;
    }
    return events;
  }
}
