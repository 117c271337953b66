import test from "ava";
import { keyedNoise } from "./keyed_noise.ts";

const key = { seed: 1, layer: 2, step: 3 };

test("noise has mean 0 and deviation 1, and tails like the normal distribution", (t) => {
  const noise = keyedNoise(key, [...Array(100).keys()], 1000);
  const count = noise.length;
  const mean = noise.reduce((sum, z) => sum + z, 0) / count;
  const variance = noise.reduce((sum, z) => sum + (z - mean) ** 2, 0) / count;
  t.true(Math.abs(mean) < 0.01, String(mean));
  t.true(Math.abs(variance - 1) < 0.02, String(variance));
  // Of a normal distribution 4.55 %.
  const beyond = noise.filter((z) => Math.abs(z) > 2).length / count;
  t.true(Math.abs(beyond - 0.0455) < 0.004, String(beyond));
  t.true(noise.every((z) => Math.abs(z) < 6));
});

test("noise belongs to seed, layer, step and sample, not to the shard", (t) => {
  const whole = keyedNoise(key, [7, 8, 9], 4);
  t.deepEqual(keyedNoise(key, [8], 4), whole.slice(4, 8));
  for (const other of [{ seed: 2 }, { layer: 3 }, { step: 4 }]) {
    t.notDeepEqual(keyedNoise({ ...key, ...other }, [7, 8, 9], 4), whole);
  }
});
