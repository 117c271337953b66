import test from "ava";
import { mix } from "./mix.ts";

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
