import { ParallelError } from "../errors.ts";
import type { RunPosition } from "../errors.ts";
import { ThreadDeath } from "../pool/thread_death.ts";
import type { TrainOutcome } from "../worker/task.ts";
import { exitOf, startFailure } from "./start_failure.ts";

/** What the workers were doing. */
export type Phase = "prepare" | "train" | "evaluate";

/** What happened to a worker; whether the run survives it is another question. */
export interface WorkerFault {
  readonly code: string;
  /** A sentence without its full stop. */
  readonly what: string;
  readonly cure: string | undefined;
  readonly position: RunPosition;
  readonly phase: Phase;
  /** It would happen to fresh threads too. */
  readonly isFinal: boolean;
  readonly cause: unknown;
}

/** Gives what piscina rejects a task with, or what a thread died of that had none, a code. */
export function workerFault(error: unknown, position: RunPosition, phase: Phase): WorkerFault {
  const cause: unknown = error instanceof ThreadDeath ? error.cause : error;
  const why = cause instanceof Error ? cause.message : String(cause);
  const who = position.worker === undefined ? "a thread without a task" : `worker ${position.worker}`;
  const where = place(position, phase);
  const isFinal = error instanceof ThreadDeath ? error.isStart : phase === "prepare";
  const fault = { position, phase, isFinal, cause };
  if (error instanceof ThreadDeath && error.isStart) {
    return { ...fault, phase: "prepare", code: "WORKER_START_FAILED", ...startFailure(error.cause) };
  }
  if (cause instanceof Error && "code" in cause && cause.code === "ERR_WORKER_OUT_OF_MEMORY") {
    const cure = "Use fewer workers or smaller minibatches, or give Node more memory (--max-old-space-size).";
    return { ...fault, code: "WORKER_OUT_OF_MEMORY", what: `${who} ran out of memory ${where}`, cure };
  }
  if (isFinal) {
    return { ...fault, code: "WORKER_START_FAILED", what: `${who} did not start: ${why}`, cure: undefined };
  }
  const exit = exitOf(why);
  if (exit !== undefined) {
    const what = `the thread of ${who} ended with exit code ${exit} ${where}`;
    return { ...fault, code: "WORKER_EXITED", what, cure: "Look for process.exit or terminate() in your own code." };
  }
  return { ...fault, code: "WORKER_FAILED", what: `${who} failed ${where}: ${why}`, cure: undefined };
}

export function hungFault(milliseconds: number, position: RunPosition, phase: Phase): WorkerFault {
  const cause = new Error(`no sign of life for ${Math.floor(milliseconds / 1000)} s`);
  return {
    code: "WORKER_HUNG",
    what: `worker ${position.worker} gave ${cause.message} ${place(position, phase)}; its thread was ended`,
    cure: "Look for an endless loop in a layer, or use smaller minibatches if this machine is very slow.",
    position,
    phase,
    isFinal: phase === "prepare",
    cause,
  };
}

/** @param consequence what becomes of the run, as a sentence */
export function faultError({ code, what, cure, position, cause }: WorkerFault, consequence: string): ParallelError {
  const sentences = [`${what.replace(/\.$/, "")}.`, consequence, ...(cure === undefined ? [] : [cure])];
  return new ParallelError(code, sentences.join(" "), { ...position, cause });
}

/**
 * @param outcomes of an epoch, one a worker
 * @returns the fault that names the worker whose part of the minibatch is not finite, if it is one's alone; nothing where
 *   all is finite
 */
export function nonFiniteFault(outcomes: readonly TrainOutcome[], position: RunPosition): ParallelError | undefined {
  if (outcomes[0]?.kind !== "nonFinite") return undefined;
  const { epoch, step } = position;
  const worker = outcomes.findIndex((outcome) => outcome.kind === "nonFinite" && outcome.guilty);
  const alone = worker !== -1;
  const what = alone
    ? `worker ${worker} computed a loss or gradient that is not finite`
    : "every worker's gradient is finite, but their sum or the new weights are not";
  return new ParallelError(
    "NONFINITE_LOSS",
    `at epoch ${epoch}, step ${step}: ${what}. The model has the last finite weights. ` +
      `Use a smaller learning rate, and check the scale of the inputs.`,
    alone ? { ...position, worker } : position,
  );
}

function place({ epoch, step }: RunPosition, phase: Phase): string {
  if (phase === "prepare") return "while starting";
  if (phase === "train") return `at epoch ${epoch}, step ${step}`;
  return epoch === undefined ? "while predicting" : `in the evaluation after epoch ${epoch}`;
}
