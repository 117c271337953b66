import type { Tensor } from "@tensorflow/tfjs-core";
import * as tfl from "@tensorflow/tfjs-layers";
import test from "ava";
import { tensorflow } from "../../../test/tensorflow.ts";
import { dropoutMask } from "../dropout_mask.ts";
import { keyedNoise } from "./keyed_noise.ts";
import { keyRandomNumbers } from "./keyed_layers.ts";
import { type PassHolder, ShardPass } from "./shard_pass.ts";

const tf = await tensorflow();
const { layers } = tfl;
const samples = [4, 2, 9];

function run(layer: tfl.layers.Layer, x: Tensor, training = true): number[] {
  const holder: PassHolder = { pass: training ? new ShardPass(samples, 1, 5) : undefined };
  keyRandomNumbers(tf, layer, 3, holder);
  return [...(layer.apply(x, { training }) as Tensor).dataSync()];
}

const mask = (size: number, place = 3): number[] => [
  ...dropoutMask({ seed: 1, layer: place, step: 5, rate: 0.5 }, samples, size),
];

test("dropout has the mask of the Sequential's own dropout, by sample", (t) => {
  t.deepEqual(run(layers.dropout({ rate: 0.5 }), tf.ones([3, 40])), mask(40));
  t.deepEqual(
    run(layers.dropout({ rate: 0 }), tf.ones([3, 4])),
    [...Array(12).keys()].map(() => 1),
  );
});

test("spatial dropout drops whole channels", (t) => {
  const found = run(layers.spatialDropout1d({ rate: 0.5 }), tf.ones([3, 2, 40]));
  const one = mask(40);
  const expected = samples.flatMap((_, n) => [0, 1].flatMap(() => one.slice(n * 40, (n + 1) * 40)));
  t.deepEqual(found, expected);
});

test("a noise shape of 1 sample drops the same of all", (t) => {
  const found = run(layers.dropout({ rate: 0.5, noiseShape: [1, 20] }), tf.ones([3, 20]));
  t.deepEqual(found.slice(0, 20), found.slice(20, 40));
  t.deepEqual(
    [...new Set(found)].toSorted((a, b) => a - b),
    [0, 2],
  );
});

test("a layer that is called again in a pass draws other numbers", (t) => {
  const layer = layers.dropout({ rate: 0.5 });
  keyRandomNumbers(tf, layer, 3, { pass: new ShardPass(samples, 1, 5) });
  const call = (): number[] => [...(layer.apply(tf.ones([3, 40]), { training: true }) as Tensor).dataSync()];
  t.deepEqual(call(), mask(40));
  t.deepEqual(call(), mask(40, 3 + 0x10000));
});

test("Gaussian noise and dropout follow their formulas", (t) => {
  const z = keyedNoise({ seed: 1, layer: 3, step: 5 }, samples, 8);
  const noisy = run(layers.gaussianNoise({ stddev: 0.5 }), tf.mul(tf.ones([3, 8]), 2));
  t.deepEqual(
    noisy,
    [...z].map((each) => 2 + each * 0.5),
  );
  const dropped = run(layers.gaussianDropout({ rate: 0.2 }), tf.mul(tf.ones([3, 8]), 2));
  for (const [i, value] of dropped.entries()) t.true(Math.abs(value - 2 * (1 + z[i] * 0.5)) < 1e-6);
});

function moments(values: readonly number[]): [mean: number, variance: number] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return [mean, values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length];
}

test("alpha dropout keeps mean and variance, which that of tfjs does not", (t) => {
  const normal = keyedNoise({ seed: 8, layer: 0, step: 0 }, samples, 20_000);
  const x = tf.tensor(normal, [3, 20_000]);
  const [mean, variance] = moments(run(layers.alphaDropout({ rate: 0.3 }), x));
  t.true(Math.abs(mean) < 0.02 && Math.abs(variance - 1) < 0.03, `${mean}, ${variance}`);
  const [stock] = moments([...(layers.alphaDropout({ rate: 0.3 }).apply(x, { training: true }) as Tensor).dataSync()]);
  t.true(stock > 0.5, String(stock));
});

test("prediction draws nothing", (t) => {
  for (const layer of [layers.dropout({ rate: 0.5 }), layers.gaussianNoise({ stddev: 1 })]) {
    t.deepEqual(run(layer, tf.ones([3, 2]), false), [1, 1, 1, 1, 1, 1]);
  }
});

test("rows that are no samples are refused", (t) => {
  t.throws(() => run(layers.dropout({ rate: 0.5, name: "drop" }), tf.ones([6, 2])), {
    code: "TAPE_LAYER_UNSUPPORTED",
    message: /"drop" draws random numbers for 6 rows of 3 samples/,
  });
});
