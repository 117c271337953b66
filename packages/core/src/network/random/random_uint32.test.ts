import test from "ava";
import { mix, PURPOSE, randomUint32 } from "./random_uint32.ts";

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

test("gives the values of the published function, worked out in another language", (t) => {
  t.is(mix(0), 0);
  t.is(mix(1), 2261973619);
  t.is(mix(2), 229111015);
  t.is(mix(0xffffffff), 2578835075);
  t.is(mix(0x12345678), 384267965);
});

test("takes its argument modulo 2^32", (t) => {
  t.is(mix(-1), mix(0xffffffff));
  t.is(mix(2 ** 32 + 5), mix(5));
});

test("flips about half of the output bits for each input bit", (t) => {
  const samples = 4000;
  for (let bit = 0; bit < 32; bit++) {
    let flipped = 0;
    for (let i = 1; i <= samples; i++) {
      const value = Math.imul(i, 0x9e3779b9);
      let difference = mix(value) ^ mix(value ^ (1 << bit));
      for (; difference !== 0; difference &= difference - 1) flipped++;
    }
    t.true(Math.abs(flipped / samples / 32 - 0.5) < 0.01, `bit ${bit}: ${flipped / samples / 32}`);
  }
});
