import test from "ava";
import { gradientOf } from "../../../../test/gradient_of.ts";
import { createImageStore } from "../../../network/data/create_image_store.ts";
import { conv2d } from "../../../network/layers/conv2d.ts";
import { dense } from "../../../network/layers/dense.ts";
import { flatten } from "../../../network/layers/flatten.ts";
import { maxPool2d } from "../../../network/layers/max_pool2d.ts";
import { Sequential } from "../../../model/sequential.ts";
import { createReplica } from "../create_replica.ts";

test("a recorder is told of every part of every operation, and the gradient stays the same", async (t) => {
  const model = new Sequential({
    inputShape: [8, 8, 1],
    layers: [conv2d({ filters: 4, kernelSize: 3 }), maxPool2d(), flatten(), dense({ units: 3 })],
  });
  const images = Uint8Array.from({ length: 4 * 64 }, (_, i) => (i * 37) % 256);
  const store = createImageStore({ images, labels: [0, 1, 2, 0], shape: [8, 8, 1] }, 3);
  const order = Int32Array.of(3, 1, 0, 2);
  const part = { store, order, start: 0, shardSizes: [2, 2], minibatchSize: 4, seed: 1, step: 0 };
  const gradients: Float32Array[] = [];
  const told = new Map<string, number>();
  const recorders = [
    undefined,
    (name: string, what: string, milliseconds: number) => {
      t.true(milliseconds >= 0);
      told.set(`${name} ${what}`, (told.get(`${name} ${what}`) ?? 0) + 1);
    },
  ];
  for (const record of recorders) {
    const replica = await createReplica({ kind: "planned", model: model.toJSON() }, 4, record);
    gradients.push(gradientOf(replica, model.getWeights(), part));
  }
  t.deepEqual(gradients[1], gradients[0]);
  t.deepEqual(Object.fromEntries(told), {
    "conv2d_1 pack": 1,
    "conv2d_1 forward": 1,
    "conv2d_1 backwardInput": 1,
    "conv2d_1 backwardWeights": 1,
    "dense_1 pack": 1,
    "dense_1 forward": 1,
    "dense_1 backwardInput": 1,
    "dense_1 backwardWeights": 1,
  });
});
