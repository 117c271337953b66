import type { ThreadDeath } from "../pool/thread_death.ts";
import type { ThreadPool } from "../pool/thread_pool.ts";
import type { RunStart } from "../worker/task.ts";
import type { FitEvent } from "./events.ts";
import { workerFault } from "./fault.ts";
import { patienceAfter } from "./patience.ts";
import { Recovery } from "./recovery.ts";

interface WaitingOptions {
  readonly signal: AbortSignal | undefined;
  readonly maxRestarts: number;
  readonly onEvent: ((event: FitEvent) => void) | undefined;
}

/**
 * Has the threads of a pool start, plan and compile, and waits for something else meanwhile: data may take hours.
 *
 * @returns nothing when the signal came first
 * @throws what `awaited` rejects with; the fault of a thread that cannot start, or of one too many that died
 */
export async function whileThreadsStart<Result>(
  pool: ThreadPool,
  start: RunStart,
  awaited: Promise<Result>,
  { signal, maxRestarts, onEvent }: WaitingOptions,
): Promise<Result | undefined> {
  const recovery = new Recovery(() => maxRestarts);
  const { promise: stopped, resolve: stop, reject: fail } = Promise.withResolvers<undefined>();
  stopped.catch(() => {});
  let isWaiting = true;
  // Data that is there already comes first: then the run begins, and ends at once.
  const onAbort = (): void => void setImmediate(stop, undefined);
  const startAgain = async (death: ThreadDeath): Promise<void> => {
    const fault = workerFault(death, {}, "prepare");
    const { error, restart } = recovery.judge(fault, 0);
    onEvent?.({ event: "fault", code: error.code, message: error.message, phase: fault.phase, restart });
    if (restart === undefined || !(await pool.destroy(patienceAfter(error)))) throw error;
    if (!isWaiting) return;
    pool.restart();
    pool.start(start);
  };
  signal?.addEventListener("abort", onAbort);
  if (signal?.aborted === true) onAbort();
  pool.start(start);
  pool.onDeath = (death) => void startAgain(death).catch(fail);
  try {
    return await Promise.race([awaited, stopped]);
  } finally {
    isWaiting = false;
    pool.onDeath = undefined;
    signal?.removeEventListener("abort", onAbort);
  }
}
