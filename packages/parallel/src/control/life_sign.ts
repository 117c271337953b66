import { heartbeat } from "./words.ts";

/** A worker's heartbeat: its change shows, to the main thread and to the workers that wait for this one, that it goes on. */
export class LifeSign {
  readonly #control: Int32Array;
  readonly #word: number;
  #beats: number;

  constructor(control: Int32Array, worker: number) {
    this.#control = control;
    this.#word = heartbeat(worker);
    // Goes on where the task before, perhaps in another thread, stopped.
    this.#beats = Atomics.load(control, this.#word);
  }

  /** Nothing else is published by it, so order does not matter. */
  beat(): void {
    this.#beats = (this.#beats + 1) | 0;
    Atomics.store(this.#control, this.#word, this.#beats);
  }
}
