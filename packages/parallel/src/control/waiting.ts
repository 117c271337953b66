import { availableParallelism } from "node:os";
import type { LifeSign } from "./life_sign.ts";
import { pause } from "./pause.ts";
import { words } from "./words.ts";

/** Long enough to cost nothing, short enough that a sleeper sees an abort that came just before it fell asleep. */
const sleepMilliseconds = 50;

/**
 * For how long a worker with a core stays awake while it waits: two time slices of the system, so that one of which another
 * worker was put aside is over. Who falls asleep in that time leaves an idle core, to which the system moves the other; when
 * both want to go on, they share that core for some 100 ms, and the program that was in their way has one to itself
 * (docs/decisions/0011-claimed-work.md).
 */
const awakeMilliseconds = 8;

/** The same where waits last longer in the mean than 4 ms, or there are more workers than cores: it would only cost. */
const crowdedMilliseconds = 0.05;
const worthMilliseconds = 4;

/** Waits of before that count: each takes an eighth of the mean. */
const weight = 1 / 8;

/** Looks at the word between two looks at the clock. */
const looks = 16;

/**
 * How a worker waits for others: awake for a time, because to go to sleep and be woken costs more than what workers differ by,
 * and then asleep. While it waits, its heartbeat goes on: only who computes for too long is hung.
 */
export class Waiting {
  readonly #control: Int32Array;
  readonly #life: LifeSign;
  readonly #isCrowded: boolean;
  #mean = 0;

  /** @param workers that wait for each other */
  constructor(control: Int32Array, life: LifeSign, workers: number) {
    this.#control = control;
    this.#life = life;
    this.#isCrowded = workers > availableParallelism();
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
    const isWorth = !this.#isCrowded && this.#mean < worthMilliseconds;
    const sleepAt = since + (isWorth ? awakeMilliseconds : crowdedMilliseconds);
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
}
