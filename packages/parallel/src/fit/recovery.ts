import type { ParallelError } from "../errors.ts";
import { faultError, type WorkerFault } from "./fault.ts";

/** What becomes of a run after a fault. */
export interface Verdict {
  /** Which start with fresh threads, of those in a row, follows, from 1; nothing when the run ends. */
  readonly restart: number | undefined;
  /** What is told, and, where the run ends, thrown. */
  readonly error: ParallelError;
}

/**
 * Decides whether a run goes on after a fault.
 *
 * Faults are in a row when no step became whole between them: a fault that comes again at the same place ends the run,
 * one that comes now and then does not. A thread that fails while starting would fail again, and ends it at once.
 */
export class Recovery {
  readonly #maximum: () => number;
  #wholeSteps = -1;
  #restarts = 0;
  #first: WorkerFault | undefined;

  /** @param maximum restarts in a row, from 0 */
  constructor(maximum: () => number) {
    this.#maximum = maximum;
  }

  /** @param wholeSteps optimizer steps of the run that are whole */
  judge(fault: WorkerFault, wholeSteps: number): Verdict {
    if (wholeSteps !== this.#wholeSteps) {
      this.#wholeSteps = wholeSteps;
      this.#restarts = 0;
      this.#first = undefined;
    }
    this.#first ??= fault;
    const maximum = this.#maximum();
    if (fault.isFinal || this.#restarts === maximum) {
      return { restart: undefined, error: this.end(fault) };
    }
    this.#restarts++;
    const consequence = `Fresh threads go on after the last whole step (start ${this.#restarts} of at most ${maximum} in a row).`;
    return { restart: this.#restarts, error: faultError(fault, consequence) };
  }

  /** The run ends: with the first cause of the row, because the others may be its consequences. */
  end(last: WorkerFault): ParallelError {
    const first = this.#first ?? last;
    const untouched = (first.phase === "prepare" || first.position.epoch === undefined) && this.#wholeSteps === 0;
    const kept = untouched ? "The model is as it was." : "The model has the weights of the last whole step.";
    if (first === last) return faultError(first, kept);
    return faultError(first, `Fresh threads did not help; in the end, ${last.what}. ${kept}`);
  }
}
