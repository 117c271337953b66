import { Barrier } from "../control/barrier.ts";
import { words } from "../control/words.ts";
import { showLifeBy } from "../worker/life.ts";
import { openCompiledSession } from "./session.ts";
import type { SharingTask } from "./task.ts";

/** Worker w scores minibatches w, w + workers, …, as tfjs cuts them; each has a place of its own for its means. */
export async function evaluate(task: SharingTask): Promise<void> {
  const { run, worker, memory, layout } = task;
  const { validation, control, batchSize, plan } = run;
  if (validation === undefined) return;
  const { replica } = await openCompiledSession(task);
  const barrier = new Barrier(control, plan.workers, worker);
  showLifeBy(() => barrier.beat());
  for (let i = worker; i * batchSize < validation.count; i += plan.workers) {
    // Workers need not stop at the same minibatch: what they computed is thrown away.
    if (Atomics.load(control, words.stopRequest) !== 0 || Atomics.load(control, words.abort) !== 0) return;
    const start = i * batchSize;
    const count = Math.min(batchSize, validation.count - start);
    const samples = Array.from({ length: count }, (_, n) => start + n);
    const scores = new Float32Array(memory.buffer, layout.scores + i * layout.values * 4, layout.values);
    scores.set(replica.evaluate(validation, samples));
    barrier.beat();
  }
}
