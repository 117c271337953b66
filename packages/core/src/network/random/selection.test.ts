import { createHash } from "node:crypto";
import test from "ava";
import { selection } from "./selection.ts";

test("chooses what the formula says, worked out in another language", (t) => {
  t.deepEqual([...selection(1, 5, 2).chosen], [3, 4]);
  t.deepEqual([...selection(2, 5, 2).chosen], [1, 4]);
  t.deepEqual([...selection(7, 12, 5).chosen], [1, 2, 4, 5, 6]);
  const { chosen } = selection(1, 60_000, 6000);
  t.is(
    createHash("sha256").update(Buffer.from(chosen.buffer)).digest("hex"),
    "e7a1d421f014da0bb3205203b627e86828404d76d841201218f5606dabb136f3",
  );
});

test("every sample is in one of the two parts, in rising order", (t) => {
  for (const count of [0, 1, 37, 99, 100]) {
    const { chosen, others } = selection(3, 100, count);
    t.is(chosen.length, count);
    for (const part of [chosen, others]) t.deepEqual(part, part.toSorted());
    t.deepEqual(
      [...chosen, ...others].toSorted((a, b) => a - b),
      [...Array(100).keys()],
    );
  }
});

test("chooses each pair equally often", (t) => {
  const counts = new Map<string, number>();
  const seeds = 8000;
  for (let seed = 0; seed < seeds; seed++) {
    const pair = selection(seed, 4, 2).chosen.join();
    counts.set(pair, (counts.get(pair) ?? 0) + 1);
  }
  t.is(counts.size, 6);
  for (const [pair, count] of counts) t.true(Math.abs(count / seeds - 1 / 6) < 0.015, `${pair}: ${count / seeds}`);
});
