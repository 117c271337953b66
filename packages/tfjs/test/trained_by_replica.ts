import type { Tensor } from "@tensorflow/tfjs-core";
import type { LayersModel } from "@tensorflow/tfjs-layers";
import { compiledModelSpec } from "../src/tape/compiled/compiled_model.ts";
import type { Shard } from "../src/tape/compiled/compiled_replica.ts";
import { createCompiledReplica } from "../src/tape/compiled/create_compiled_replica.ts";
import { LiveModel } from "../src/tape/compiled/live_model.ts";
import { stateOfSlots } from "../src/tape/compiled/optimizer_slots.ts";
import type { SampleArray } from "../src/tape/compiled/sample_array.ts";

/** Samples of each input and output. */
export interface Tensors {
  readonly x: readonly Tensor[];
  readonly y: readonly Tensor[];
}

function sampleArray(tensor: Tensor): SampleArray {
  const [count, ...shape] = tensor.shape;
  return { values: tensor.dataSync<"float32">(), shape, count };
}

/**
 * Trains a model as `fit` of `@convoy/parallel` does it with one shard, in this thread: a copy takes the steps, and the
 * model gets what it has learnt.
 *
 * @returns the loss of each epoch
 */
export async function trainByReplica(
  model: LayersModel,
  { x, y }: Tensors,
  { epochs, batchSize }: { readonly epochs: number; readonly batchSize: number },
): Promise<number[]> {
  const data = { x: x.map(sampleArray), y: y.map(sampleArray) };
  const [{ count }] = data.x;
  const shardOf = (start: number, step: number): Shard => {
    const samples = Array.from({ length: Math.min(batchSize, count - start) }, (_, i) => start + i);
    return { samples, minibatchSize: samples.length, first: true, seed: 1, step };
  };
  const spec = await compiledModelSpec(model);
  const replica = await createCompiledReplica(spec, undefined, data, shardOf(0, 0));
  const vector = new Float32Array(replica.gradients + replica.statistics + replica.values.length);
  const losses: number[] = [];
  let step = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    let loss = 0;
    for (let start = 0; start < count; start += batchSize, step++) {
      const shard = shardOf(start, step);
      replica.shard(data, shard, vector);
      replica.update(vector);
      loss += vector[replica.gradients + replica.statistics] * shard.minibatchSize;
    }
    losses.push(loss / count);
  }
  const changed = new Float32Array(replica.changing.reduce((sum, place) => sum + spec.sizes[place], 0));
  replica.readWeights(0, changed);
  const weights = spec.weights.slice();
  let offset = 0;
  for (const place of replica.changing) {
    const start = spec.sizes.slice(0, place).reduce((sum, size) => sum + size, 0);
    weights.set(changed.subarray(offset, (offset += spec.sizes[place])), start);
  }
  const { slots } = replica;
  const state = new Float32Array((slots ?? []).reduce((sum, { size }) => sum + size, 0));
  const steps = await replica.readState(0, state);
  await new LiveModel(model).give(weights, slots === undefined ? undefined : stateOfSlots(slots, steps, state));
  replica.dispose();
  return losses;
}
