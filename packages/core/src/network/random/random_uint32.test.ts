import test from "ava";
import { PURPOSE } from "./purpose.ts";
import { randomUint32 } from "./random_uint32.ts";

test("gives the values of the formula, worked out in another language", (t) => {
  t.is(randomUint32(1, PURPOSE.initialize, 0, 0), 0x1155ac7);
  t.is(randomUint32(1, PURPOSE.shuffle, 0, 0), 0x736195c3);
  t.is(randomUint32(0xffffffff, PURPOSE.shuffle, 7, 9), 0x2cddc72);
});

test("changes with each of its four keys", (t) => {
  const numbers = [
    [1, 1, 0, 0],
    [2, 1, 0, 0],
    [1, 2, 0, 0],
    [1, 1, 1, 0],
    [1, 1, 0, 1],
  ].map(([seed, purpose, a, b]) => randomUint32(seed, purpose, a, b));
  t.is(new Set(numbers).size, numbers.length);
});

test("spreads evenly over its range", (t) => {
  const bins = new Int32Array(16);
  const draws = 160_000;
  for (let i = 0; i < draws; i++) bins[randomUint32(1, PURPOSE.initialize, 3, i) >>> 28]++;
  const expected = draws / bins.length;
  const chiSquare = bins.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  // 15 degrees of freedom: 37.7 is exceeded once in a thousand.
  t.true(chiSquare < 37.7, String(chiSquare));
});

test("no two purposes share a number", (t) => {
  t.is(new Set(Object.values(PURPOSE)).size, Object.keys(PURPOSE).length);
});
