import { heartbeat } from "./words.ts";

/** Sees from their heartbeats whether other workers go on. */
export class Progress {
  readonly #control: Int32Array;
  readonly #beats: Int32Array;
  readonly #since: Float64Array;

  constructor(control: Int32Array, workers: number) {
    this.#control = control;
    this.#beats = new Int32Array(workers);
    this.#since = new Float64Array(workers);
  }

  /** From now on it is looked at them all: what was before does not count. */
  begin(now: number): void {
    this.#since.fill(now);
  }

  /** @returns milliseconds for which the worker has been seen to stand still */
  stillFor(worker: number, now: number): number {
    const beats = Atomics.load(this.#control, heartbeat(worker));
    if (beats !== this.#beats[worker]) {
      this.#beats[worker] = beats;
      this.#since[worker] = now;
    }
    return now - this.#since[worker];
  }
}
