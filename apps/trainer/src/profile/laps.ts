import { median } from "./statistics.ts";

/** Sums what each part of a step takes, and keeps the sums of all steps but the first ones, in which V8 still compiles. */
export class Laps {
  readonly #steps: number;
  readonly #uncounted: number;
  readonly #milliseconds = new Map<string, Float64Array>();
  #step = 0;

  /** @param uncounted fewer than there are steps */
  constructor(steps: number, uncounted: number) {
    this.#steps = steps;
    this.#uncounted = uncounted;
  }

  add(name: string, milliseconds: number): void {
    let list = this.#milliseconds.get(name);
    if (list === undefined) this.#milliseconds.set(name, (list = new Float64Array(this.#steps)));
    list[this.#step] += milliseconds;
  }

  endStep(): void {
    this.#step++;
  }

  /** Milliseconds of the part in the middle one of the steps that count; 0 for a part that never was. */
  median(name: string): number {
    const list = this.#milliseconds.get(name);
    return list === undefined ? 0 : median(list.subarray(this.#uncounted));
  }
}
