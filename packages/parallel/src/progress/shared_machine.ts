import type { Usage } from "../worker/usage.ts";
import { percent } from "./numbers.ts";

/** Below these, what is told would be a matter of chance. */
const leastTakenOver = 0.01;
const mostOfCore = 0.9;

/**
 * Says in one line that other programs use the machine as well, where an epoch showed it; nothing where it did not.
 *
 * @param usage of the workers of an epoch
 */
export function sharedMachineLine(usage: readonly Usage[]): string | undefined {
  const parts = usage.reduce((sum, worker) => sum + worker.parts, 0);
  const takenOver = usage.reduce((sum, worker) => sum + worker.takenOver, 0);
  // Those that stand by have no core.
  const shares = usage.flatMap(({ parts: own, coreShare }) => (own > 0 ? (coreShare ?? []) : []));
  if (takenOver < leastTakenOver * parts || shares.every((share) => share > mostOfCore)) return undefined;
  const cores = shares.map((share) => percent(share, 0)).join(" and ");
  const got = shares.length === 1 ? "the worker" : "the workers";
  return (
    `Other programs use this machine too: ${got} got ${cores} of a core, and of ${percent(takenOver / parts, 0)} of the work ` +
    "one had to relieve another. End them for full speed; fewer workers would not help."
  );
}
