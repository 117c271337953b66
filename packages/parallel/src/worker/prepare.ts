import { Barrier } from "../control/barrier.ts";
import { sideAfter } from "../control/whole_steps.ts";
import { showLifeBy } from "./life.ts";
import { subtreeParts } from "./parts.ts";
import { openSession, replicaOf } from "./session.ts";
import type { WorkerTask } from "./task.ts";

/**
 * The first task with data: computes one gradient that nobody uses. It makes the first epoch's images a second honest, and tells the main thread how long a step may take before there is reason to call it hung.
 *
 * @returns milliseconds of that gradient
 */
export async function prepare({ run, worker }: WorkerTask): Promise<number> {
  const barrier = new Barrier(new Int32Array(run.memory.buffer), run.plan.workers, worker, run.spins);
  showLifeBy(() => barrier.beat());
  const session = await openSession(run);
  await replicaOf(session, worker);
  const { control, replica, parameters, sums, order } = session;
  for (let i = 0; i < order.length; i++) order[i] = i;
  const start = performance.now();
  // After a fault, the others may be a mixture, and slow or not finite.
  replica.load(parameters[sideAfter(control)]);
  const images = Math.min(run.batchSize, run.store.count);
  for (const { part, at, whole, last } of subtreeParts(run, worker, order)) {
    const share = images === run.batchSize ? whole : last;
    if (share.images === 0) continue;
    part.start = share.offset;
    part.shardSizes = share.shardSizes;
    part.minibatchSize = images;
    replica.gradient(part, sums[at]);
  }
  const milliseconds = performance.now() - start;
  barrier.beat();
  return milliseconds;
}
