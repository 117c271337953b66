import type { Worker } from "node:worker_threads";
import { createTrainer, type Fit } from "../src/fit/create_trainer.ts";
import type { TrainerSettings } from "../src/fit/workers.ts";
import type { FaultKind, InjectedFault } from "./injected_fault.ts";

/** What is told of a fault. */
export const codes: Readonly<Partial<Record<FaultKind, string>>> = {
  throw: "WORKER_FAILED",
  exit: "WORKER_EXITED",
  terminate: "WORKER_EXITED",
  allocate: "WORKER_OUT_OF_MEMORY",
  spin: "WORKER_HUNG",
  stall: "WORKER_HUNG",
};

/** Short where a worker is to hang. Elsewhere a loaded host could take one that waits for a core for one that hangs. */
export function hangLimit(kind: string): Pick<TrainerSettings, "hangMilliseconds"> {
  return kind === "stall" || kind === "spin" ? { hangMilliseconds: 2000 } : {};
}

/** Before it gives up, Node collects what is almost full for many seconds, on a busy machine for longer than a hang may take. */
export function fullMemory(megabytes: number): Pick<TrainerSettings, "resourceLimits" | "hangMilliseconds"> {
  return { resourceLimits: { maxOldGenerationSizeMb: megabytes }, hangMilliseconds: 60_000 };
}

/**
 * `fit`, for one call, with a fault that happens `times` in all.
 *
 * @param module URL of the one that injects it
 * @param megabytes of JavaScript that a thread may have, where its memory is to run out
 */
export function trainerWithFault(module: string, fault: InjectedFault<string>, megabytes: number): Fit {
  const shared = new Int32Array(new SharedArrayBuffer(8));
  let threads: readonly Worker[] = [];
  if (fault.kind === "terminate") {
    void Promise.resolve(Atomics.waitAsync(shared, 1, 0).value).then(() =>
      threads.find(({ threadId }) => threadId === shared[1])?.terminate(),
    );
  }
  return createTrainer({
    replicaWrapper: { module, data: { times: 1, ...fault, shared } },
    cores: Infinity,
    ...hangLimit(fault.kind),
    ...(fault.kind === "allocate" ? fullMemory(megabytes) : {}),
    onThreads: (all) => (threads = all),
  });
}
