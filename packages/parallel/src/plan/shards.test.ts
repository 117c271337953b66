import test from "ava";
import { defaultShards, shardRuns, shardsAtOnce } from "./shards.ts";
import { split } from "./split.ts";

test("a minibatch has one shard for 16 images, at least 1 and at most 64", (t) => {
  const batchSizes = [1, 16, 17, 50, 64, 256, 1024, 1025, 100_000];
  t.deepEqual(batchSizes.map(defaultShards), [1, 1, 2, 4, 4, 16, 64, 64, 64]);
});

test("parts are balanced, the first ones one larger, and may be empty", (t) => {
  t.deepEqual(split(50, 4), [13, 13, 12, 12]);
  t.deepEqual(split(3, 4), [1, 1, 1, 0]);
  t.deepEqual(split(0, 2), [0, 0]);
});

test("64 images are computed at once, but a shard is never parted, and long vectors are summed seldom", (t) => {
  t.is(shardsAtOnce(64, 4, 1000), 4);
  t.is(shardsAtOnce(256, 16, 1000), 4);
  t.is(shardsAtOnce(256, 1, 1000), 1);
  t.is(shardsAtOnce(300, 7, 1000), 1);
  t.is(shardsAtOnce(256, 16, 2 ** 20 + 1), 16);
});

test("workers own consecutive shards, and those beyond the shards own none", (t) => {
  t.deepEqual(shardRuns(8, 3), [
    { first: 0, end: 3 },
    { first: 3, end: 6 },
    { first: 6, end: 8 },
  ]);
  t.deepEqual(shardRuns(2, 5), [
    { first: 0, end: 1 },
    { first: 1, end: 2 },
  ]);
});
