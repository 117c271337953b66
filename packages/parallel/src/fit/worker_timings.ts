import { stepPhases, timingsAddress, type StepPhase } from "../worker/step_clock.ts";
import type { Run } from "../worker/task.ts";

/** Milliseconds of one worker, one number for each step of an epoch. */
export interface WorkerTimings {
  /** Forward and backward pass over the images of the parts that it took, with the copy of the parameters. */
  readonly compute: readonly number[];
  /** Sum over the parts, check and optimizer on the slices that it took. */
  readonly reduce: readonly number[];
  /** Until all parts are there, and until all slices are: for slower workers, and for the waking. */
  readonly wait: readonly number[];
}

/** What the workers noted in the epoch that just ended, in the order of the workers. */
export function readTimings(run: Run, steps: number): WorkerTimings[] {
  const width = stepPhases.length;
  return Array.from({ length: run.plan.workers }, (__, worker) => {
    // Their tasks have ended, and what they wrote before is visible.
    const notes = new Float64Array(run.memory.buffer, timingsAddress(run, worker, steps), steps * width);
    const of = (phase: StepPhase): number[] =>
      Array.from({ length: steps }, (___, step) => notes[step * width + stepPhases.indexOf(phase)]);
    return { compute: of("compute"), reduce: of("reduce"), wait: of("wait") };
  });
}
