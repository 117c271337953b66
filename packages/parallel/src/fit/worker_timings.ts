import { stepPhases, timingsAddress, type StepPhase } from "../worker/step_clock.ts";
import type { Run } from "../worker/task.ts";

/** Milliseconds of one worker, one number for each step of an epoch. */
export interface WorkerTimings {
  /** Forward and backward pass over the worker's images, with the copy of the parameters. */
  readonly compute: readonly number[];
  /** Sum over the shards, check and optimizer on the worker's slice. */
  readonly reduce: readonly number[];
  /** At the two barriers: for slower workers, and for the barrier itself. */
  readonly wait: readonly number[];
}

/** What the workers noted in the epoch that just ended, in the order of the workers. */
export function readTimings(run: Run, steps: number): WorkerTimings[] {
  const width = stepPhases.length;
  return run.plan.owned.map((_, worker) => {
    // Their tasks have ended, and what they wrote before is visible.
    const notes = new Float64Array(run.memory.buffer, timingsAddress(run, worker, steps), steps * width);
    const of = (phase: StepPhase): number[] =>
      Array.from({ length: steps }, (__, step) => notes[step * width + stepPhases.indexOf(phase)]);
    return { compute: of("compute"), reduce: of("reduce"), wait: of("wait") };
  });
}
