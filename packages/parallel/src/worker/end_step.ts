import { markParts } from "../control/claims.ts";
import { decisions, words } from "../control/words.ts";
import type { Snapshot } from "./snapshot.ts";

/** A worker that was put aside twice within so many steps shares its core. */
const unevenWithin = 16;

/** For so long the parts are small then. */
const fineFor = 64;

/**
 * Ends a step whose slices are all reduced, in the worker that reduced the last one, and lets the others go on.
 *
 * @param step optimizer steps before this one
 */
export function endStep(control: Int32Array, step: number, snapshot: Snapshot | undefined): void {
  // Must follow the last slice: each sets the word before it counts its own.
  if (Atomics.load(control, words.nonFinite) !== 0) {
    Atomics.store(control, words.decision, decisions.nonFinite);
  } else {
    // Must come before the step counts: after that, others write to the parameters of before, and soon to these.
    snapshot?.takeIfDue(step + 1);
    chooseParts(control, step);
    Atomics.store(control, words.arrivals, 0);
    Atomics.store(control, words.reduced, 0);
    const stop = Atomics.load(control, words.stopRequest) !== 0;
    Atomics.store(control, words.decision, stop ? decisions.stop : decisions.goOn);
    // Must follow all of that: who sees the new number begins the next step. Main reads it, and then the weights.
    Atomics.store(control, words.committed, step + 1);
  }
  Atomics.add(control, words.generation, 1);
  // Must follow the change: a worker that looks once more before it sleeps sees that instead.
  Atomics.notify(control, words.generation);
}

/** Small parts for a while, once workers are put aside again and again. Nobody else touches these words meanwhile. */
function chooseParts(control: Int32Array, step: number): void {
  const alert = Math.max(control[words.alertSteps] - 1, 0);
  let left = Math.max(control[words.fineSteps] - 1, 0);
  const isUneven = Atomics.exchange(control, words.uneven, 0) !== 0;
  if (isUneven && alert > 0) left = fineFor;
  control[words.alertSteps] = isUneven ? unevenWithin : alert;
  control[words.fineSteps] = left;
  const fine = left > 0 ? 1 : 0;
  if (fine === Atomics.load(control, words.fine)) return;
  markParts(control, step);
  Atomics.store(control, words.fine, fine);
}
