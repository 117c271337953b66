import { ParallelError } from "../errors.ts";
import type { RunPosition } from "../errors.ts";

/** What the workers were doing. */
export type Phase = "prepare" | "train" | "evaluate" | "optimizerState";

/** Turns what piscina rejects a task with into a coded error. */
export function workerFault(cause: unknown, position: RunPosition, phase: Phase): ParallelError {
  const why = cause instanceof Error ? cause.message : String(cause);
  const options = { ...position, cause };
  const who = `worker ${position.worker}`;
  const where = place(position, phase);
  const kept = phase === "prepare" ? "The model is as it was" : "The model has the weights of the last whole step";
  if (cause instanceof Error && "code" in cause && cause.code === "ERR_WORKER_OUT_OF_MEMORY") {
    const cure = "Use fewer workers or smaller minibatches, or give Node more memory (--max-old-space-size).";
    return new ParallelError("WORKER_OUT_OF_MEMORY", `${who} ran out of memory ${where}. ${kept}. ${cure}`, options);
  }
  if (phase === "prepare") {
    return new ParallelError("WORKER_START_FAILED", `${who} did not start: ${why}. ${kept}.`, options);
  }
  // Piscina's own words for a thread that is gone; there is no code to go by.
  const exit = /^worker exited with code: (\d+)$/.exec(why);
  if (exit !== null) {
    const how = `the thread of ${who} ended with exit code ${exit[1]} ${where}`;
    const cure = "Look for process.exit or terminate() in your own code.";
    return new ParallelError("WORKER_EXITED", `${how}. ${kept}. ${cure}`, options);
  }
  return new ParallelError("WORKER_FAILED", `${who} failed ${where}: ${why}. ${kept}.`, options);
}

export function hungFault(milliseconds: number, position: RunPosition, phase: Phase): ParallelError {
  const cause = new Error(`no sign of life for ${Math.floor(milliseconds / 1000)} s`);
  return new ParallelError(
    "WORKER_HUNG",
    `worker ${position.worker} gave ${cause.message} ${place(position, phase)}; its thread was ended. ` +
      `The model has the weights of the last whole step. Look for an endless loop in a layer, or use smaller minibatches if this machine is very slow.`,
    { ...position, cause },
  );
}

/** @param position with the worker whose part of the minibatch is not finite, if it is one's alone */
export function nonFiniteFault(position: RunPosition): ParallelError {
  const { worker, epoch, step } = position;
  const what =
    worker === undefined
      ? "every worker's gradient is finite, but their sum or the new weights are not"
      : `worker ${worker} computed a loss or gradient that is not finite`;
  return new ParallelError(
    "NONFINITE_LOSS",
    `at epoch ${epoch}, step ${step}: ${what}. The model has the last finite weights. ` +
      `Use a smaller learning rate, and check the scale of the inputs.`,
    position,
  );
}

function place({ epoch, step }: RunPosition, phase: Phase): string {
  if (phase === "prepare") return "while starting";
  if (phase === "train") return `at epoch ${epoch}, step ${step}`;
  return phase === "evaluate" ? `in the evaluation after epoch ${epoch}` : `after epoch ${epoch}`;
}
