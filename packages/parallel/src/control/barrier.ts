import { heartbeat, words } from "./words.ts";

/** Long enough to cost nothing, short enough that a sleeper sees an abort that came just before it fell asleep. */
const sleepMilliseconds = 50;

/** Tells the processor that a loop only waits. Node 22 has no such hint, and its loops wait without. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- ES2024, which is all that Node 22 has, does not know it
const { pause = () => {} } = Atomics as { readonly pause?: () => void };

/**
 * A meeting point of all workers, several times a step.
 *
 * Workers that arrive early spin for a moment, because going to sleep and being woken costs more than the balanced
 * shards differ; then they sleep. While they wait, their heartbeat goes on: only who computes for too long is hung.
 *
 * @param control the Int32 words of the shared memory
 * @param workers how many meet
 * @param worker this one
 * @param spins looks at the generation before sleeping; see `spinsFor`
 */
export class Barrier {
  readonly #control: Int32Array;
  readonly #workers: number;
  readonly #heartbeat: number;
  readonly #spins: number;
  #beats: number;

  constructor(control: Int32Array, workers: number, worker: number, spins: number) {
    this.#control = control;
    this.#workers = workers;
    this.#heartbeat = heartbeat(worker);
    this.#spins = spins;
    // Goes on where the task before, perhaps in another thread, stopped: a change is what shows life.
    this.#beats = Atomics.load(control, this.#heartbeat);
  }

  /** Shows the main thread that this worker lives. Nothing else is published by it, so order does not matter. */
  beat(): void {
    this.#beats = (this.#beats + 1) | 0;
    Atomics.store(this.#control, this.#heartbeat, this.#beats);
  }

  /**
   * Waits for all. What any worker wrote to shared memory before is visible to every worker after.
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
    for (let spin = 0; spin < this.#spins; spin++) {
      // Must see the release before we read what others wrote.
      if (Atomics.load(control, words.generation) !== generation) return true;
      pause();
    }
    return this.#sleep(generation);
  }

  #sleep(generation: number): boolean {
    const control = this.#control;
    for (;;) {
      // First the generation: who was released goes on to where the others are, even if an abort came meanwhile.
      if (Atomics.load(control, words.generation) !== generation) return true;
      // Main sets the word, then notifies; it may do both between this look and our sleep: hence the time limit.
      if (Atomics.load(control, words.abort) !== 0) return false;
      // Sleeps only if the generation is still the old one, so that a release in between is not missed.
      Atomics.wait(control, words.generation, generation, sleepMilliseconds);
      this.beat();
    }
  }
}
