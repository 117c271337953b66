import type { TestFn } from "ava";
import { createImageStore } from "../src/network/data/create_image_store.ts";
import type { SequentialConfig } from "../src/network/sequential_config.ts";
import type { MinibatchPart } from "../src/engine/step/replica.ts";
import { Draw } from "./draw.ts";
import type { Engine } from "./engines.ts";
import { randomNetwork } from "./random_network.ts";

const imagesOf = (shardSizes: readonly number[]): number => shardSizes.reduce((sum, size) => sum + size, 0);

/** The result of one call for some shards, by a replica that has room for their images and no more. */
async function callFor(
  engine: Engine,
  model: SequentialConfig,
  weights: Float32Array,
  whole: MinibatchPart,
  first: number,
  end: number,
): Promise<Float32Array> {
  const shardSizes = whole.shardSizes.slice(first, end);
  const replica = await engine(model, Math.max(1, imagesOf(shardSizes)));
  const out = new Float32Array(replica.parameterCount + 2);
  replica.load(weights);
  replica.gradient({ ...whole, start: whole.start + imagesOf(whole.shardSizes.slice(0, first)), shardSizes }, out);
  replica.dispose();
  return out;
}

/** A node of the summation tree over the shards: one call, or the sum of its two halves, by chance. */
async function node(
  draw: Draw,
  shards: number,
  first: number,
  level: number,
  call: (first: number, end: number) => Promise<Float32Array>,
): Promise<Float32Array> {
  const middle = first + 2 ** (level - 1);
  if (level === 0 || draw.chance(0.3)) return call(first, Math.min(first + 2 ** level, shards));
  const left = await node(draw, shards, first, level - 1, call);
  if (middle >= shards) return left;
  const right = await node(draw, shards, middle, level - 1, call);
  return left.map((value, i) => value + right[i]);
}

/** Two tests: the bits of a gradient depend neither on how its shards are shared out, nor on what came before. */
export function testSameBits(test: TestFn, name: string, engine: Engine): void {
  test(`${name}: however the shards of a minibatch are shared out, their sum has the same bits`, async (t) => {
    let calls = 0;
    for (let seed = 0; seed < 30; seed++) {
      const draw = new Draw(seed);
      const { model, weights, data, step } = randomNetwork(seed);
      const shardSizes = Array.from({ length: draw.integer(2, 9) }, () => draw.integer(0, 3));
      const images = imagesOf(shardSizes);
      const part = {
        store: createImageStore(data, model.classes),
        order: Int32Array.from({ length: images }, () => draw.integer(0, data.labels.length - 1)),
        start: 0,
        shardSizes,
        minibatchSize: Math.max(1, images),
        seed,
        step,
      };
      const config = model.toJSON();
      const call = async (first: number, end: number): Promise<Float32Array> => {
        calls++;
        return callFor(engine, config, weights, part, first, end);
      };
      const whole = await callFor(engine, config, weights, part, 0, shardSizes.length);
      const depth = Math.ceil(Math.log2(shardSizes.length));
      for (let round = 0; round < 2; round++) {
        const composed = await node(draw, shardSizes.length, 0, depth, call);
        t.deepEqual(composed, whole, `network ${seed}, shards ${shardSizes.join(" ")}: ${JSON.stringify(model)}`);
      }
    }
    t.true(calls > 100, `${calls} calls`);
  });

  test(`${name}: a replica gives the same bits again, whatever it did in between`, async (t) => {
    for (let seed = 30; seed < 40; seed++) {
      const { model, weights, data, order, step } = randomNetwork(seed);
      const replica = await engine(model.toJSON(), order.length);
      const store = createImageStore(data, model.classes);
      const part = { store, order, start: 0, shardSizes: [1], minibatchSize: 1, seed, step };
      const first = new Float32Array(replica.parameterCount + 2);
      const other = first.slice();
      const again = first.slice();
      replica.load(weights);
      replica.gradient(part, first);
      replica.load(weights.map((weight) => -2 * weight));
      replica.gradient({ ...part, shardSizes: [order.length], step: step + 1 }, other);
      replica.load(weights);
      replica.gradient(part, again);
      replica.dispose();
      t.deepEqual(again, first, `network ${seed}: ${JSON.stringify(model)}`);
      t.notDeepEqual(other, first);
    }
  });
}
