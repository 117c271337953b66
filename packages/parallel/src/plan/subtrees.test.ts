import { mix } from "@convoy/core/training";
import test from "ava";
import { shardRuns } from "./shards.ts";
import { additionsBetween, maximalSubtrees } from "./subtrees.ts";

test("a run is covered by the fewest aligned subtrees", (t) => {
  t.deepEqual(maximalSubtrees({ first: 1, end: 7 }, 8), [
    { first: 1, end: 2, level: 0 },
    { first: 2, end: 4, level: 1 },
    { first: 4, end: 6, level: 1 },
    { first: 6, end: 7, level: 0 },
  ]);
});

test("a subtree that the last shard cuts off is one subtree", (t) => {
  t.deepEqual(maximalSubtrees({ first: 4, end: 7 }, 7), [{ first: 4, end: 7, level: 2 }]);
  t.deepEqual(maximalSubtrees({ first: 0, end: 5 }, 5), [{ first: 0, end: 5, level: 3 }]);
});

test("no subtree has more shards than may be computed at once, if not one has more", (t) => {
  t.deepEqual(maximalSubtrees({ first: 0, end: 8 }, 8, 3), [
    { first: 0, end: 2, level: 1 },
    { first: 2, end: 4, level: 1 },
    { first: 4, end: 6, level: 1 },
    { first: 6, end: 8, level: 1 },
  ]);
  t.is(maximalSubtrees({ first: 0, end: 8 }, 8, 1).length, 8);
});

test("the last additions follow the levels of the tree", (t) => {
  const single = [0, 1, 2, 3, 4].map((first) => ({ first, end: first + 1, level: 0 }));
  t.deepEqual(additionsBetween(single, 5), [
    { target: 0, source: 1 },
    { target: 2, source: 3 },
    { target: 0, source: 2 },
    { target: 0, source: 4 },
  ]);
});

/** The rule, written down once more: level k adds shard i + 2^k to shard i. */
function treeSum(values: readonly number[]): number {
  const sums = Float32Array.from(values);
  for (let k = 0; 2 ** k < sums.length; k++) {
    for (let i = 0; i + 2 ** k < sums.length; i += 2 ** (k + 1)) sums[i] += sums[i + 2 ** k];
  }
  return sums[0];
}

test("any number of workers gives the bits of the whole tree, for 1 to 64 shards", (t) => {
  let differsFromPlainOrder = 0;
  for (let shards = 1; shards <= 64; shards++) {
    const values = Array.from({ length: shards }, (_, i) => (mix(shards * 100 + i) / 2 ** 32 - 0.5) * 2 ** (i % 12));
    const whole = treeSum(values);
    if (whole !== values.reduce((sum, value) => Math.fround(sum + Math.fround(value)), 0)) differsFromPlainOrder++;
    for (let workers = 1; workers <= 8; workers++) {
      for (const most of [1, 3, 4, Infinity]) {
        const subtrees = shardRuns(shards, workers).flatMap((run) => maximalSubtrees(run, shards, most));
        const sums = Float32Array.from(subtrees, ({ first, end }) => treeSum(values.slice(first, end)));
        for (const { target, source } of additionsBetween(subtrees, shards)) sums[target] += sums[source];
        t.is(sums[0], whole, `${shards} shards, ${workers} workers, ${most} at once`);
      }
    }
  }
  // Otherwise the values would not tell one order from another.
  t.true(differsFromPlainOrder > 30);
});
