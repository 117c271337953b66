import type { LifeSign } from "./life_sign.ts";
import { pause } from "./pause.ts";
import { words } from "./words.ts";

/** Long enough to cost nothing, short enough that a sleeper sees an abort that came just before it fell asleep. */
const sleepMilliseconds = 50;

/**
 * For how long a worker stays awake while it waits. To be woken takes 0.05 to 0.3 ms on a virtual machine; a wait that is often
 * longer than 2 ms is no matter of shards that differ, and the core is worth more to others.
 */
const leastAwake = 0.1;
const mostAwake = 2;

/** Waits of before that count: each takes an eighth of the mean. */
const weight = 1 / 8;

/** Looks at the word between two looks at the clock. */
const looks = 16;

/**
 * How a worker waits for others: awake for a moment, because to go to sleep and be woken costs more than shards differ, and
 * then asleep. The moment is four times as long as waits were in the mean, as long as those are short: where they are not,
 * being awake takes the core from somebody, who may be the one that is waited for.
 *
 * While a worker waits, its heartbeat goes on: only who computes for too long is hung.
 */
export class Waiting {
  readonly #control: Int32Array;
  readonly #life: LifeSign;
  #mean = 0;

  constructor(control: Int32Array, life: LifeSign) {
    this.#control = control;
    this.#life = life;
  }

  /**
   * Waits until the generation has changed or it is time to look elsewhere: at what else may end the wait.
   *
   * @param generation as it was before the caller looked whether it has to wait at all
   * @param since milliseconds, when the wait began, of which this may be a part
   * @param lookAfter milliseconds after which to return in any case, where that is sooner than sleep
   */
  some(generation: number, since: number, lookAfter: number): void {
    this.#life.beat();
    const control = this.#control;
    const start = performance.now();
    const sleepAt = since + this.#awake();
    const lookAt = start + lookAfter;
    for (let now = start; now < sleepAt; now = performance.now()) {
      for (let look = 0; look < looks; look++) {
        // Must see the change before the caller reads what others wrote.
        if (Atomics.load(control, words.generation) !== generation) return;
        pause();
      }
      if (now >= lookAt) return;
    }
    // Sleeps only if the generation is still the old one, so that a change in between is not missed.
    Atomics.wait(control, words.generation, generation, sleepMilliseconds);
  }

  /** A wait is over, and took so many milliseconds. */
  lasted(milliseconds: number): void {
    this.#mean += weight * (milliseconds - this.#mean);
  }

  #awake(): number {
    const wanted = 4 * this.#mean;
    return wanted > 2 * mostAwake ? leastAwake : Math.min(Math.max(wanted, leastAwake), mostAwake);
  }
}
