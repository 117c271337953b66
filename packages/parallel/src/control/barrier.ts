import { LifeSign } from "./life_sign.ts";
import { Waiting } from "./waiting.ts";
import { words } from "./words.ts";

/**
 * A meeting point of all workers, several times a step. What any worker wrote to shared memory before is visible to every
 * worker after.
 *
 * @param control the Int32 words of the shared memory
 * @param workers how many meet
 * @param worker this one
 */
export class Barrier {
  readonly #control: Int32Array;
  readonly #workers: number;
  readonly #life: LifeSign;
  readonly #waiting: Waiting;

  constructor(control: Int32Array, workers: number, worker: number) {
    this.#control = control;
    this.#workers = workers;
    this.#life = new LifeSign(control, worker);
    this.#waiting = new Waiting(control, this.#life, workers);
  }

  /** Shows the main thread that this worker lives. */
  beat(): void {
    this.#life.beat();
  }

  /**
   * Waits for all.
   *
   * @param last is called in the last worker to arrive, before the others go on
   * @returns false when the main thread broke the barrier: nobody may rely on the others any more
   */
  meet(last?: () => void): boolean {
    this.beat();
    const control = this.#control;
    if (this.#workers === 1) {
      last?.();
      return Atomics.load(control, words.abort) === 0;
    }
    // Must come before our arrival: once we have arrived, the last one may raise the generation at any moment.
    const generation = Atomics.load(control, words.generation);
    // Must follow all we wrote in this part of the step: whoever sees the count also sees our sums and parameters.
    if (Atomics.add(control, words.arrivals, 1) === this.#workers - 1) {
      last?.();
      // Must come before the release: a fast worker may arrive at the next barrier as soon as it is let go.
      Atomics.store(control, words.arrivals, 0);
      // Must follow what `last` wrote and, through the count, what every worker wrote: this is what lets them go.
      Atomics.store(control, words.generation, (generation + 1) | 0);
      // Must follow the store: a worker that looks once more before it sleeps sees the new generation instead.
      Atomics.notify(control, words.generation);
      return true;
    }
    return this.#wait(generation);
  }

  #wait(generation: number): boolean {
    const control = this.#control;
    const start = performance.now();
    for (;;) {
      this.#waiting.some(generation, start, Infinity);
      // First the generation: who was released goes on to where the others are, even if an abort came meanwhile.
      if (Atomics.load(control, words.generation) !== generation) break;
      // Main sets the word, then notifies; it may do both between this look and our sleep: hence the time limit.
      if (Atomics.load(control, words.abort) !== 0) return false;
    }
    this.#waiting.lasted(performance.now() - start);
    return true;
  }
}
