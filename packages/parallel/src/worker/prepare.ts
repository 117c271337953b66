import { Claims } from "../control/claims.ts";
import { LifeSign } from "../control/life_sign.ts";
import { sideAfter } from "../control/whole_steps.ts";
import { showLifeBy } from "./life.ts";
import { stepParts, turnTo } from "./parts.ts";
import { openSession, replicaOf } from "./session.ts";
import type { WorkerTask } from "./task.ts";

/**
 * The first task with data: computes one gradient that nobody uses. It makes the first epoch's images a second honest, and tells the main thread how long a step may take before there is reason to call it hung.
 *
 * @returns milliseconds of that gradient
 */
export async function prepare({ run, worker }: WorkerTask): Promise<number> {
  const life = new LifeSign(new Int32Array(run.memory.buffer), worker);
  showLifeBy(() => life.beat());
  const session = await openSession(run);
  await replicaOf(session, worker);
  const { control, replica, parameters, sums, order } = session;
  for (let i = 0; i < order.length; i++) order[i] = i;
  const start = performance.now();
  // After a fault, the others may be a mixture, and slow or not finite.
  replica.load(parameters[sideAfter(control)]);
  const images = Math.min(run.batchSize, run.store.count);
  const { parts, orders } = run.plan.coarse;
  // As many as come to each worker that takes part in a step.
  const own = orders[worker].slice(0, Math.ceil(parts.length / run.plan.active));
  const { hand } = new Claims(control, worker);
  const all = stepParts(run, run.plan.coarse, order);
  for (const at of own) {
    if (turnTo(all[at], run, 0, images, 0) > 0) replica.gradient(all[at].part, sums[hand]);
  }
  const milliseconds = performance.now() - start;
  life.beat();
  return milliseconds;
}
