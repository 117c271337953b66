import type { Run } from "./task.ts";

/** What a worker does in a step, in the order in which the milliseconds lie in memory. */
export const stepPhases = ["compute", "reduce", "wait"] as const;
export type StepPhase = (typeof stepPhases)[number];

/** Where the timings of one worker begin: for each step of the epoch a float64 for each phase. */
export function timingsAddress({ layout }: Run, worker: number, steps: number): number {
  return layout.timings + worker * steps * stepPhases.length * Float64Array.BYTES_PER_ELEMENT;
}

/** Notes in shared memory how long each phase of each step of one worker took. Exists only where timings are wanted. */
export class StepClock {
  readonly #milliseconds: Float64Array;
  #at = 0;
  #last = 0;

  constructor(run: Run, worker: number, steps: number) {
    const address = timingsAddress(run, worker, steps);
    this.#milliseconds = new Float64Array(run.memory.buffer, address, steps * stepPhases.length);
  }

  /** Before the first step: an epoch before, or a step that is done again, may have left its own. */
  clear(firstStep: number): void {
    this.#milliseconds.fill(0, firstStep * stepPhases.length);
    this.#last = performance.now();
  }

  /** No time is left out: what lies between two steps belongs to the second. */
  begin(stepOfEpoch: number): void {
    this.#at = stepOfEpoch * stepPhases.length;
  }

  /** The time since the last call belongs to this phase; a step may come to it more than once. */
  end(phase: StepPhase): void {
    const now = performance.now();
    this.#milliseconds[this.#at + stepPhases.indexOf(phase)] += now - this.#last;
    this.#last = now;
  }
}
