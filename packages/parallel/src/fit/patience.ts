import { ParallelError } from "../errors.ts";

/** A thread is gone within milliseconds of being told, on a busy machine within a second. */
const exitMilliseconds = 5000;

/** After the 8 seconds of a hang, what is left of the 10 within which `fit` promises to end. */
const exitAfterHangMilliseconds = 1000;

/** How long to wait at most for threads that were told to end, after what they did. */
export function patienceAfter(error: unknown): number {
  return error instanceof ParallelError && error.code === "WORKER_HUNG" ? exitAfterHangMilliseconds : exitMilliseconds;
}
