// What piscina runs in its threads; a task names one of these.
import { createReplica, type Replica } from "@convoy/core/replica";
import { LifeSign } from "../control/life_sign.ts";
import { words } from "../control/words.ts";
import { showLife, showLifeBy } from "../worker/life.ts";
import type { Prediction, PredictionTask } from "./task.ts";

/** Wraps the replica of one worker, for one task. */
export type PredictionWrapper = (replica: Replica, worker: number, data: unknown) => Replica;

/** A thread serves one prediction. */
let replica: Replica | undefined;

/**
 * Plans and compiles, and computes one part that nobody uses.
 *
 * @returns milliseconds of that part
 */
export async function prepare({ run, worker }: PredictionTask): Promise<number> {
  const { store, part } = run;
  const life = beats(run, worker);
  const made = await replicaOf(run, worker);
  const start = performance.now();
  const count = Math.min(part, store.count);
  made.predict(store, 0, count, new Float32Array(count * made.classes));
  life.beat();
  return performance.now() - start;
}

/** Worker w computes parts w, w + workers, …. */
export async function evaluate({ run, worker }: PredictionTask): Promise<void> {
  const { store, part, plan, logits, control } = run;
  const made = await replicaOf(run, worker);
  const life = beats(run, worker);
  for (let start = worker * part; start < store.count; start += plan.workers * part) {
    if (Atomics.load(control, words.abort) !== 0) return;
    const count = Math.min(part, store.count - start);
    made.predict(store, start, count, logits.subarray(start * made.classes, (start + count) * made.classes));
    life.beat();
  }
}

async function replicaOf(run: Prediction, worker: number): Promise<Replica> {
  const own = await planned(run);
  if (run.replicaWrapper === undefined) return own;
  const { default: wrap }: { default: PredictionWrapper } = await import(run.replicaWrapper.module);
  return wrap(own, worker, run.replicaWrapper.data);
}

async function planned({ model, weights, part }: Prediction): Promise<Replica> {
  if (replica !== undefined) return replica;
  replica = await createReplica({ kind: "planned", model, forwardOnly: true }, part, undefined, showLife);
  replica.load(weights);
  return replica;
}

function beats({ control }: Prediction, worker: number): LifeSign {
  const life = new LifeSign(control, worker);
  showLifeBy(() => life.beat());
  return life;
}
