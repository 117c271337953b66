import test from "ava";
import { treeSum } from "./tree_sum.ts";

test("adds neighbours first, then pairs, and lets a vector without a partner through", (t) => {
  // 2^24 + 1 is 2^24 in float32, so every other order would lose one of the ones.
  const vectors = [2 ** 24, 1, 1, 1, 4].map((value) => Float32Array.of(value, -value));
  t.deepEqual([...treeSum(vectors)], [2 ** 24 + 6, -(2 ** 24 + 6)]);
});

test("one vector is its own sum", (t) => {
  t.deepEqual([...treeSum([Float32Array.of(3)])], [3]);
});
