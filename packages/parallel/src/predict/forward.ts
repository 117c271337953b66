import {
  checkFiniteWeights,
  inferenceChunk,
  type Forward,
  type ImageStore,
  type Sequential,
} from "@convoy/core/training";
import { controlBytes } from "../control/words.ts";
import { patienceAfter } from "../fit/patience.ts";
import { Workers, type TrainerSettings } from "../fit/workers.ts";
import { ThreadPool } from "../pool/thread_pool.ts";
import type { Prediction } from "./task.ts";

/** Images in one call of a replica, after which a worker shows that it lives. */
const part = 64;

/** Fresh threads take over so often in a row, as in `fit`. */
const restarts = 3;

/** Computes logits on so many threads: the bits that `predict` and `evaluate` of the network give. */
export function forwardOnThreads(model: Sequential, workers: number, settings: TrainerSettings): Forward {
  return {
    shared: true,
    run: async (store, use) => {
      const run = plannedPrediction(model, workers, store, settings);
      const pool = await ThreadPool.open(run.plan.workers, settings, "predict");
      const watched = new Workers({
        run,
        pool,
        control: run.control,
        maxRestarts: () => restarts,
        hangMilliseconds: settings.hangMilliseconds,
        steps: () => 0,
        position: () => ({}),
        onTick: () => {},
        onFault: () => {},
      });
      let patience = patienceAfter(undefined);
      try {
        await watched.prepare<number>((milliseconds) => milliseconds);
        await watched.run<void>("evaluate", (task) => task);
      } catch (error) {
        patience = patienceAfter(error);
        throw error;
      } finally {
        watched.stop();
        await pool.destroy(patience);
      }
      for (let start = 0; start < store.count; start += inferenceChunk) {
        const count = Math.min(inferenceChunk, store.count - start);
        use(run.logits.subarray(start * model.classes, (start + count) * model.classes), start, count);
      }
    },
  };
}

function plannedPrediction(
  model: Sequential,
  workers: number,
  store: ImageStore,
  { replicaWrapper }: TrainerSettings,
): Prediction {
  const needed = Math.min(workers, Math.ceil(store.count / part));
  const weights = shared(model.parameterCount);
  weights.set(model.getWeights());
  checkFiniteWeights(weights, model.parameters);
  return {
    model: model.toJSON(),
    plan: { workers: needed },
    control: new Int32Array(new SharedArrayBuffer(controlBytes(needed))),
    weights,
    store,
    logits: shared(store.count * model.classes),
    part,
    replicaWrapper,
  };
}

function shared(count: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(count * 4));
}
