import * as tfl from "@tensorflow/tfjs-layers";
import test from "ava";
import { tensorflow } from "../../../test/tensorflow.ts";
import { treeSum } from "../tree_sum.ts";
import { compiledModelSpec } from "./compiled_model.ts";
import type { CompiledReplica, SampleSet } from "./compiled_replica.ts";
import { createCompiledReplica } from "./create_compiled_replica.ts";

const tf = await tensorflow();
const { layers } = tfl;

/** One number a sample. */
const data: SampleSet = {
  x: [{ values: Float32Array.of(1, 3, 10, 14, 30), shape: [1], count: 5 }],
  y: [{ values: Float32Array.of(1, 2, 3, 4, 5), shape: [1], count: 5 }],
};

function shards(replica: CompiledReplica, parts: readonly (readonly number[])[]): Float32Array {
  const minibatchSize = parts.flat().length;
  return treeSum(
    parts.map((samples, i) => {
      const out = new Float32Array(replica.gradients + replica.statistics + replica.values.length);
      replica.shard(data, { samples, minibatchSize, first: i === 0, seed: 1, step: 0 }, out);
      return out;
    }),
  );
}

async function replicaOf(model: tfl.LayersModel): Promise<CompiledReplica> {
  model.compile({ optimizer: tf.train.sgd(0.1), loss: "meanSquaredError", metrics: ["mae"] });
  const spec = await compiledModelSpec(model);
  const first = { samples: [0], minibatchSize: 1, first: true, seed: 1, step: 0 };
  return createCompiledReplica(spec, undefined, data, first);
}

function weightsOf(replica: CompiledReplica, count: number): number[] {
  const out = new Float32Array(count);
  replica.readWeights(0, out);
  return [...out];
}

test.serial("moving statistics follow the shards' own, weighted by size", async (t) => {
  const model = tfl.sequential({ layers: [layers.batchNormalization({ inputShape: [1], momentum: 0.5 })] });
  const replica = await replicaOf(model);
  t.deepEqual(replica.changing, [0, 1, 2, 3]);
  t.is(replica.statistics, 2);
  // Means 2, 12 and 30, variances 1, 4 and 0, of 2, 2 and 1 samples.
  const total = shards(replica, [[0, 1], [2, 3], [4]]);
  const [mean, variance] = total.subarray(replica.gradients);
  t.true(Math.abs(mean - (2 * 2 + 2 * 12 + 30) / 5) < 1e-5, String(mean));
  t.true(Math.abs(variance - (2 * 1 + 2 * 4 + 0) / 5) < 1e-5, String(variance));
  replica.update(total);
  const [, , movingMean, movingVariance] = weightsOf(replica, 4);
  // moving - (moving - value) / 2, from 0 and 1.
  t.true(Math.abs(movingMean - mean / 2) < 1e-5);
  t.true(Math.abs(movingVariance - (1 + variance) / 2) < 1e-5);
  replica.dispose();
});

function withoutScale(): tfl.LayersModel {
  return tfl.sequential({
    layers: [
      layers.batchNormalization({ inputShape: [1], scale: false, center: false, epsilon: 0 }),
      layers.dense({ units: 1, kernelInitializer: "ones" }),
    ],
  });
}

test.serial("a batch normalization without scale and offset trains, which that of tfjs does not", async (t) => {
  const replica = await replicaOf(withoutScale());
  // The samples become -1 and 1; the targets are 1 and 2: errors -2 and -1.
  const [kernel, bias, , , loss, mae] = shards(replica, [[0, 1]]);
  for (const [found, expected] of [
    [kernel, (2 * (-2 * -1 + -1 * 1)) / 2],
    [bias, (2 * (-2 - 1)) / 2],
    [loss, (4 + 1) / 2],
    [mae, 3 / 2],
  ]) {
    t.true(Math.abs(found - expected) < 1e-5, `${found} for ${expected}`);
  }
  replica.dispose();
  const stock = withoutScale();
  stock.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  await t.throwsAsync(stock.fit(tf.ones([2, 1]), tf.ones([2, 1])), { instanceOf: TypeError });
});

test.serial("a frozen batch normalization is only kept from new scales and offsets, as in tfjs", async (t) => {
  const frozen = layers.batchNormalization({ inputShape: [1], epsilon: 0, trainable: false });
  const model = tfl.sequential({ layers: [frozen, layers.dense({ units: 1, kernelInitializer: "ones" })] });
  const replica = await replicaOf(model);
  t.is(replica.statistics, 2);
  t.deepEqual(replica.changing, [4, 5, 2, 3]);
  // The samples become -1 and 1; the targets are 1 and 2: errors -2 and -1.
  const [kernel, bias, mean, variance] = shards(replica, [[0, 1]]);
  for (const [found, expected] of [
    [kernel, (2 * (-2 * -1 + -1 * 1)) / 2],
    [bias, (2 * (-2 - 1)) / 2],
    [mean, 2],
    [variance, 1],
  ]) {
    t.true(Math.abs(found - expected) < 1e-5, `${found} for ${expected}`);
  }
  replica.dispose();
});

test.serial("regularization counts once, whatever the shards", async (t) => {
  const model = tfl.sequential({
    layers: [
      layers.dense({
        inputShape: [1],
        units: 1,
        useBias: false,
        kernelInitializer: "ones",
        kernelRegularizer: tfl.regularizers.l2({ l2: 0.5 }),
      }),
    ],
  });
  const replica = await replicaOf(model);
  // Errors 0 and 1; the penalty is 0.5 · 1, its gradient 1.
  for (const parts of [[[0, 1]], [[0], [1]]]) t.deepEqual([...shards(replica, parts)], [3 + 1, 0.5 + 0.5, 0.5]);
  replica.dispose();
});

test.serial("an update that nobody can reach any more leaves no tensor behind", async (t) => {
  const model = tfl.sequential({
    layers: [layers.batchNormalization({ inputShape: [1] }), layers.dense({ units: 1, kernelConstraint: "nonNeg" })],
  });
  const replica = await replicaOf(model);
  const step = (): void => replica.update(shards(replica, [[0, 1], [2]]));
  step();
  const before = tf.memory().numTensors;
  for (let i = 0; i < 5; i++) step();
  replica.evaluate(data, [0, 1]);
  t.is(tf.memory().numTensors, before);
  replica.dispose();
});
