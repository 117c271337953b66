import { workerData } from "node:worker_threads";
import { createReplica, permutation } from "@convoy/core/training";
import { advance, minibatch } from "../workload.ts";
import type { ApartJob } from "./job.ts";

const { spec, weights, store, images, milliseconds, threads, thread, gate, rates }: ApartJob = workerData;
const replica = await createReplica(spec, images);
const out = new Float32Array(new SharedArrayBuffer((replica.parameterCount + 2) * 4));
const part = minibatch({ store, order: permutation(1, 0, store.count) }, images);

/** @returns images a second */
function compute(forMilliseconds: number): number {
  const start = performance.now();
  let steps = 0;
  let elapsed = 0;
  for (; elapsed < forMilliseconds; elapsed = performance.now() - start) {
    replica.load(weights);
    replica.gradient(part, out);
    advance(part);
    steps++;
  }
  return (steps * images * 1000) / elapsed;
}

compute(milliseconds / 2);
// Must be counted before a look at the count, or the last thread would wait for itself.
const ready = Atomics.add(gate, 0, 1) + 1;
if (ready === threads) Atomics.notify(gate, 0);
for (let count = ready; count < threads; count = Atomics.load(gate, 0)) Atomics.wait(gate, 0, count);
rates[thread] = compute(milliseconds);
