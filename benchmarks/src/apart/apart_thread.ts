import { workerData } from "node:worker_threads";
import { createReplica, permutation } from "@convoy/core";
import { defaultShards } from "@convoy/parallel";
import type { ApartJob } from "./job.ts";

const { spec, weights, store, images, milliseconds, threads, thread, gate, rates }: ApartJob = workerData;
const replica = await createReplica(spec, images);
const order = permutation(1, 0, store.count);
const out = new Float32Array(new SharedArrayBuffer((replica.parameterCount + 2) * 4));
const shards = defaultShards(images);
const shardSizes = Array.from({ length: shards }, () => images / shards);
const part = { store, order, start: 0, shardSizes, minibatchSize: images, seed: 1, step: 0 };

/** @returns images a second */
function compute(forMilliseconds: number): number {
  const start = performance.now();
  let steps = 0;
  let elapsed = 0;
  for (; elapsed < forMilliseconds; elapsed = performance.now() - start) {
    replica.load(weights);
    replica.gradient(part, out);
    part.start = part.start + 2 * images > order.length ? 0 : part.start + images;
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
