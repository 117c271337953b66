import test from "ava";
import { largestPart, partsOf, planStep } from "./plan.ts";
import { claimedSlices } from "./slices.ts";

const size = { shards: 16, workers: 4, cores: 2, floats: 100_000, most: 4, least: 2 };

test("as many workers as there are cores take part, and the others stand by", (t) => {
  const { workers, active, coarse, fine } = planStep(size);
  t.deepEqual([workers, active, coarse.parts.length, fine.parts.length], [4, 2, 4, 8]);
  t.is(coarse.orders.length, 4);
  t.is(planStep({ ...size, cores: Infinity }).active, 4);
  t.is(planStep({ ...size, workers: 99, cores: Infinity }).workers, 16);
});

test("vectors and buffers are for the most and the largest parts", (t) => {
  const plan = planStep({ ...size, shards: 4, workers: 3, most: 4, least: 1 });
  t.is(partsOf(plan), 4);
  t.is(largestPart(plan, 50), 26);
});

test("slices to claim are as many for each worker, cover the vector, and fit the cache where they can", (t) => {
  for (const floats of [1, 17, 1000, 16_385, 102_132, 1_000_000, 5_000_001]) {
    for (const workers of [1, 2, 3, 8, 64]) {
      const slices = claimedSlices(floats, workers);
      t.true(slices.length <= 64);
      t.is(slices[0].start, 0);
      t.is(slices.at(-1)?.end, floats);
      for (let i = 1; i < slices.length; i++) t.is(slices[i].start, slices[i - 1].end);
      if (floats > 64 * workers) t.is(slices.length % workers, 0);
      if (floats <= 32 * 16_384) t.true(slices.every(({ start, end }) => end - start <= 16_384 + 16));
    }
  }
});
