import { score } from "@convoy/core/replica";
import { LifeSign } from "../control/life_sign.ts";
import { sideAfter } from "../control/whole_steps.ts";
import { words } from "../control/words.ts";
import { showLifeBy } from "./life.ts";
import { openSession, replicaOf } from "./session.ts";
import type { EvaluationTask } from "./task.ts";

/** Takes one chunk after the other and scores it. Each has a place of its own, so that the sums do not depend on workers. */
export async function evaluate({ run, worker, images }: EvaluationTask): Promise<void> {
  const { layout, memory, plan, chunk, [images]: store } = run;
  // Those that stand by in training would only take the cores from the others here.
  if (store === undefined || worker >= plan.active) return;
  const session = await openSession(run);
  const { control, parameters } = session;
  const replica = await replicaOf(session, worker);
  const { classes } = replica;
  const chunks = Math.ceil(store.count / chunk);
  const scores = new Float64Array(memory.buffer, layout.scores, 2 * chunks);
  const logits = new Float32Array(chunk * classes);
  const life = new LifeSign(control, worker);
  showLifeBy(() => life.beat());
  // Nobody trains meanwhile: the number of whole steps, and so the parameters, stay what they are.
  replica.load(parameters[sideAfter(control)]);
  for (let i = takeChunk(control); i < chunks; i = takeChunk(control)) {
    // Workers need not stop at the same chunk: what they computed is thrown away.
    if (Atomics.load(control, words.stopRequest) !== 0 || Atomics.load(control, words.abort) !== 0) return;
    const start = i * chunk;
    const count = Math.min(chunk, store.count - start);
    replica.predict(store, start, count, logits.subarray(0, count * classes));
    const { lossSum, correct } = score(logits, store.labels, start, count, classes);
    scores[2 * i] = lossSum;
    scores[2 * i + 1] = correct;
    life.beat();
  }
}

/** The next chunk that nobody has. */
function takeChunk(control: Int32Array): number {
  return Atomics.add(control, words.chunk, 1);
}
