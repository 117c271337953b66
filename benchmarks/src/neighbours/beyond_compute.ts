import type { TrainingEpoch } from "./train.ts";

/**
 * What a step takes beyond the computing of its gradients, in percent of the step: of the fastest tenth of an epoch's steps,
 * in which nobody was disturbed.
 *
 * @param workers the steps of each
 */
export function beyondCompute(workers: TrainingEpoch["steps"]): number {
  const steps = workers[0].map((_, i) => {
    const all = mean(workers.map((times) => times[i].all));
    return { all, beyond: 1 - mean(workers.map((times) => times[i].compute)) / all };
  });
  const fastest = steps.toSorted((a, b) => a.all - b.all).slice(0, Math.ceil(steps.length / 10));
  return 100 * mean(fastest.map(({ beyond }) => beyond));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
