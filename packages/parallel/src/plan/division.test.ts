import test from "ava";
import { divide } from "./division.ts";

test("each worker begins with its own parts, and then comes from behind to those of others", (t) => {
  t.deepEqual(divide(4, 2, 0, 1), {
    parts: [
      { first: 0, end: 1, level: 0 },
      { first: 1, end: 2, level: 0 },
      { first: 2, end: 3, level: 0 },
      { first: 3, end: 4, level: 0 },
    ],
    orders: [
      [0, 1, 3, 2],
      [2, 3, 1, 0],
    ],
    additions: [
      { target: 0, source: 1 },
      { target: 2, source: 3 },
      { target: 0, source: 2 },
    ],
  });
});

test("who stands by owns nothing and may take all", (t) => {
  t.deepEqual(divide(4, 2, 1, 2).orders, [
    [0, 1],
    [1, 0],
    [1, 0],
  ]);
});

test("every worker comes to every part once, whatever the numbers", (t) => {
  for (const shards of [1, 3, 7, 16, 64]) {
    for (const workers of [1, 2, 3, 8]) {
      for (const most of [1, 2, 4, 64]) {
        const { parts, orders } = divide(shards, Math.min(workers, shards), 2, most);
        t.is(
          parts.reduce((sum, { first, end }) => sum + end - first, 0),
          shards,
        );
        for (const order of orders)
          t.deepEqual(
            order.toSorted((a, b) => a - b),
            [...parts.keys()],
          );
      }
    }
  }
});
