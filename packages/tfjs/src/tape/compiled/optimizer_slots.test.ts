import type { Optimizer } from "@tensorflow/tfjs-core";
import * as tfl from "@tensorflow/tfjs-layers";
import test from "ava";
import { tensorflow } from "../../../test/tensorflow.ts";
import { compiledModelSpec } from "./compiled_model.ts";
import type { CompiledReplica, SampleSet } from "./compiled_replica.ts";
import { createCompiledReplica } from "./create_compiled_replica.ts";

const tf = await tensorflow();

const data: SampleSet = {
  x: [{ values: Float32Array.of(1, 3, -2, 4, 0.5, 2), shape: [2], count: 3 }],
  y: [{ values: Float32Array.of(1, 2, 3), shape: [1], count: 3 }],
};

async function replicaOf(optimizer: Optimizer): Promise<CompiledReplica> {
  const kernelInitializer = tfl.initializers.glorotUniform({ seed: 1 });
  const model = tfl.sequential({
    layers: [
      tfl.layers.dense({ inputShape: [2], units: 3, kernelInitializer }),
      tfl.layers.batchNormalization({}),
      tfl.layers.dense({ units: 1, kernelInitializer }),
    ],
  });
  model.compile({ optimizer, loss: "meanSquaredError" });
  const trial = { samples: [0, 1], minibatchSize: 2, first: true, seed: 1, step: 0 };
  return createCompiledReplica(await compiledModelSpec(model), undefined, data, trial);
}

function take(replica: CompiledReplica, from: number, to: number): void {
  const out = new Float32Array(replica.gradients + replica.statistics + replica.values.length);
  for (let step = from; step < to; step++) {
    const samples = [step % 3, (step + 1) % 3];
    replica.shard(data, { samples, minibatchSize: 2, first: true, seed: 1, step }, out);
    replica.update(out);
  }
}

function weightsOf(replica: CompiledReplica): Float32Array {
  // Weights and biases of 3 · 2 + 3 and 3 + 1, four vectors of 3.
  const out = new Float32Array(9 + 4 + 12);
  replica.readWeights(0, out);
  return out;
}

const size = 9 + 4 + 6;
/** Floats that each remembers of so many trained ones, and counters of its own. */
const optimizers: Readonly<Record<string, readonly [make: () => Optimizer, floats: number]>> = {
  sgd: [() => tf.train.sgd(0.01), 0],
  momentum: [() => tf.train.momentum(0.01, 0.9, true), size],
  adagrad: [() => tf.train.adagrad(0.1), size],
  adadelta: [() => tf.train.adadelta(0.01), 2 * size],
  rmsprop: [() => tf.train.rmsprop(0.01, 0.9, 0.5), 2 * size],
  "centered rmsprop": [() => tf.train.rmsprop(0.01, 0.9, 0.5, undefined, true), 3 * size],
  adam: [() => tf.train.adam(0.01), 2 * size + 2],
  adamax: [() => tf.train.adamax(0.01, 0.9, 0.99, 1e-7, 0.01), 2 * size + 2],
};

for (const [name, [make, floats]] of Object.entries(optimizers)) {
  test.serial(`another replica goes on to the same bits from what one tells after 20 steps: ${name}`, async (t) => {
    const [whole, fresh] = [await replicaOf(make()), await replicaOf(make())];
    t.is(
      whole.slots?.reduce((sum, slot) => sum + slot.size, 0),
      floats,
    );
    // So many that 0.999^21, as tfjs's Adam would set it, is another float than the product of twenty-one.
    take(whole, 0, 20);
    const state = new Float32Array(floats);
    // In two stretches, as two workers tell it.
    const middle = floats >> 1;
    t.is(await whole.readState(0, state.subarray(0, middle)), 20);
    t.is(await whole.readState(middle, state.subarray(middle)), 20);
    const weights = weightsOf(whole);
    await fresh.restore(weights, 20, state);
    t.deepEqual(weightsOf(fresh), weights);
    take(whole, 20, 25);
    take(fresh, 20, 25);
    t.deepEqual(weightsOf(fresh), weightsOf(whole));
    t.notDeepEqual(weightsOf(fresh), weights);
    whole.dispose();
    fresh.dispose();
  });
}

/** Tells nothing, as tfjs's own base class. */
class Silent extends tf.SGDOptimizer {
  static override readonly className = "Silent";
  override getWeights(): never {
    throw new Error("not implemented");
  }
}
tf.serialization.registerClass(Silent);

test.serial("an optimizer that does not tell has no slots, and begins anew", async (t) => {
  const replica = await replicaOf(new Silent(0.1));
  t.is(replica.slots, undefined);
  take(replica, 0, 1);
  t.is(await replica.readState(0, new Float32Array(0)), 0);
  replica.dispose();
});

test.serial("to find out what an optimizer remembers leaves no tensor behind", async (t) => {
  await (await replicaOf(tf.train.adam(0.1))).readState(0, new Float32Array(0));
  const before = tf.memory().numTensors;
  const replica = await replicaOf(tf.train.adam(0.1));
  const made = tf.memory().numTensors - before;
  take(replica, 0, 2);
  await replica.readState(0, new Float32Array(size));
  // The caller's model and the replica's have 8 weights each; each Adam 2 counters, that of the replica 2 moments of 6 by now.
  t.is(tf.memory().numTensors - before, made + 12);
  t.is(made, 16 + 4);
});
