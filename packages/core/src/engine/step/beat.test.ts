import test from "ava";
import { gradientOf } from "../../../test/gradient_of.ts";
import { createImageStore } from "../../network/data/create_image_store.ts";
import { conv2d } from "../../network/layers/conv2d.ts";
import { dense } from "../../network/layers/dense.ts";
import { flatten } from "../../network/layers/flatten.ts";
import { maxPool2d } from "../../network/layers/max_pool2d.ts";
import { Sequential } from "../../model/sequential.ts";
import { createReplica } from "./create_replica.ts";

const model = new Sequential({
  inputShape: [8, 8, 1],
  layers: [conv2d({ filters: 4, kernelSize: 3 }), maxPool2d(), flatten(), dense({ units: 3 })],
});
const images = Uint8Array.from({ length: 4 * 64 }, (_, i) => (i * 37) % 256);
const store = createImageStore({ images, labels: [0, 1, 2, 0], shape: [8, 8, 1] }, 3);
const part = {
  store,
  order: Int32Array.of(3, 1, 0, 2),
  start: 0,
  shardSizes: [2, 2],
  minibatchSize: 4,
  seed: 1,
  step: 0,
};

test("a planned replica beats after each part of each operation, in training and in prediction", async (t) => {
  const heard: string[] = [];
  const record = (operation: string, what: string): void => void heard.push(`${operation} ${what}`);
  const replica = await createReplica({ kind: "planned", model: model.toJSON() }, 4, record, () => heard.push("beat"));
  replica.load(model.getWeights());
  replica.gradient(part, new Float32Array(model.parameterCount + 2));
  replica.predict(store, 0, 4, new Float32Array(4 * 3));
  replica.dispose();
  const parts = heard.filter((each) => each !== "beat");
  t.is(parts.length, 2 * 4 + 2);
  t.deepEqual(
    heard,
    parts.flatMap((each) => [each, "beat"]),
  );
});

test.serial("beats of a planned replica change no bit of its gradient", async (t) => {
  const gradients: Float32Array[] = [];
  let beats = 0;
  for (const beat of [undefined, () => void beats++]) {
    const replica = await createReplica({ kind: "planned", model: model.toJSON() }, 4, undefined, beat);
    gradients.push(gradientOf(replica, model.getWeights(), part));
  }
  t.deepEqual(gradients[1], gradients[0]);
  // Two layers with weights and their gradients, at least.
  t.true(beats >= 6, `${beats}`);
});
