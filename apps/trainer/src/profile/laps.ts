import { meanAt, middleHalf } from "./statistics.ts";

/** Sums what each part of a step takes, and keeps the sums of all steps but the first ones, in which V8 still compiles. */
export class Laps {
  readonly #steps: number;
  readonly #uncounted: number;
  readonly #whole: string;
  readonly #milliseconds = new Map<string, Float64Array>();
  #step = 0;

  /**
   * @param uncounted fewer than there are steps
   * @param whole the name of what a step takes in all
   */
  constructor(steps: number, uncounted: number, whole: string) {
    this.#steps = steps;
    this.#uncounted = uncounted;
    this.#whole = whole;
  }

  add(name: string, milliseconds: number): void {
    let list = this.#milliseconds.get(name);
    if (list === undefined) this.#milliseconds.set(name, (list = new Float64Array(this.#steps)));
    list[this.#step] += milliseconds;
  }

  endStep(): void {
    this.#step++;
  }

  /** Milliseconds of the part in the typical ones of the steps that count, in the mean; 0 for a part that never was. */
  typical(name: string): number {
    const wholes = this.#counted(this.#whole);
    const list = this.#counted(name);
    return wholes === undefined || list === undefined ? 0 : meanAt(list, middleHalf(wholes));
  }

  #counted(name: string): Float64Array | undefined {
    return this.#milliseconds.get(name)?.subarray(this.#uncounted);
  }
}
