import type { Tensor } from "@tensorflow/tfjs-core";
import * as tfl from "@tensorflow/tfjs-layers";
import test from "ava";
import { tensorflow } from "../../test/tensorflow.ts";
import { createImageStore } from "@convoy/core/training";
import type { MinibatchPart } from "@convoy/core/replica";
import { layersModelSpec, type LayersModelSpec, setLayersModelWeights } from "./layers_model.ts";
import { createTapeReplica } from "./tape_replica.ts";

const tf = await tensorflow();
const { layers } = tfl;
const inputShape = [6, 6, 1];
const images = Float32Array.from({ length: 36 * 3 }, (_, i) => Math.sin(i));
const store = createImageStore({ images, labels: [0, 2, 1], shape: [6, 6, 1] }, 3);
const part: MinibatchPart = {
  store,
  order: Int32Array.of(0, 1, 2),
  start: 0,
  shardSizes: [3],
  minibatchSize: 3,
  seed: 1,
  step: 0,
};

/** What the model itself gives, by tfjs-layers alone. */
function answer(model: tfl.LayersModel): Float32Array {
  return tf.tidy(() => (model.predict(tf.tensor(images, [3, ...inputShape])) as Tensor).dataSync<"float32">());
}

async function answerOfReplica({
  spec,
  weights,
}: LayersModelSpec): Promise<{ logits: Float32Array; out: Float32Array }> {
  const replica = await createTapeReplica(spec, 3);
  replica.load(weights);
  const logits = new Float32Array(9);
  replica.predict(store, 0, 3, logits);
  const out = new Float32Array(replica.parameterCount + 2);
  replica.gradient(part, out);
  replica.dispose();
  return { logits, out };
}

function base(): tfl.Sequential {
  return tfl.sequential({
    layers: [
      layers.conv2d({ inputShape, filters: 4, kernelSize: 3, biasInitializer: "glorotUniform" }),
      layers.batchNormalization({}),
      layers.depthwiseConv2d({ kernelSize: 2, activation: "relu" }),
    ],
  });
}

test.serial("takes the trainable weights apart in their order, and puts them back", (t) => {
  const model = tfl.sequential({
    layers: [layers.conv2d({ inputShape, filters: 2, kernelSize: 3 }), layers.flatten(), layers.dense({ units: 3 })],
  });
  const { weights, shapes, parameterCount, classes, inputShape: shape } = layersModelSpec(model);
  t.deepEqual(shapes, [[3, 3, 1, 2], [2], [32, 3], [3]]);
  t.is(parameterCount, 119);
  t.is(classes, 3);
  t.deepEqual([...shape], inputShape);
  t.deepEqual(
    [...weights],
    model.getWeights().flatMap((weight) => Array.from(weight.dataSync())),
  );
  setLayersModelWeights(
    model,
    Float32Array.from(weights, (_, i) => i),
  );
  t.deepEqual([...layersModelSpec(model).weights], [...Array(119).keys()]);
  t.throws(() => setLayersModelWeights(model, new Float32Array(118)), {
    code: "TAPE_WEIGHTS",
    message: /has 119 trainable parameters, and 118 values/,
  });
  t.deepEqual(layersModelSpec(model).weights[118], 118);
});

test.serial("frozen weights travel with the topology, and get no gradient", async (t) => {
  const model = tfl.sequential({
    layers: [layers.conv2d({ inputShape, filters: 2, kernelSize: 3 }), layers.flatten(), layers.dense({ units: 3 })],
  });
  model.layers[0].trainable = false;
  const spec = layersModelSpec(model);
  t.is(spec.parameterCount, 99);
  const { logits, out } = await answerOfReplica(spec);
  t.deepEqual(logits, answer(model));
  t.is(out.length, 101);
});

test.serial(
  "a frozen model inside a model keeps its weights and statistics, whatever kernels its own training would lack",
  async (t) => {
    const frozen = base();
    frozen.layers[1].setWeights([
      tf.tensor1d([1, 2, 3, 4]),
      tf.tensor1d([0, 1, 0, 1]),
      tf.tensor1d([0.1, 0.2, 0.3, 0.4]),
      tf.tensor1d([1, 0.5, 2, 0.1]),
    ]);
    frozen.trainable = false;
    const model = tfl.sequential({ layers: [frozen, layers.flatten(), layers.dense({ units: 3 })] });
    const spec = layersModelSpec(model);
    t.deepEqual(spec.shapes, [[36, 3], [3]]);
    const { logits, out } = await answerOfReplica(spec);
    t.deepEqual(logits, answer(model));
    t.true(out.subarray(0, 111).some((value) => value !== 0));
    t.deepEqual((await answerOfReplica(spec)).logits, logits);
  },
);

test.serial("refuses a model that tfjs cannot train, before any training", async (t) => {
  const model = tfl.sequential({
    layers: [
      layers.conv2d({ inputShape, filters: 2, kernelSize: 2 }),
      layers.thresholdedReLU(),
      layers.flatten(),
      layers.dense({ units: 3 }),
    ],
  });
  const { spec } = layersModelSpec(model);
  await t.throwsAsync(createTapeReplica(spec, 1), {
    code: "TAPE_LAYER_UNSUPPORTED",
    message: /Greater.*freeze/,
  });
});

test.serial("takes the plain topology of a model, but not with frozen weights, whose values it lacks", async (t) => {
  const model = tfl.sequential({
    layers: [layers.conv2d({ inputShape, filters: 2, kernelSize: 3 }), layers.flatten(), layers.dense({ units: 3 })],
  });
  const plain = (): string => JSON.stringify(model.toJSON(undefined, false));
  const replica = await createTapeReplica({ topology: plain() }, 1);
  t.is(replica.parameterCount, 119);
  replica.dispose();
  model.layers[0].trainable = false;
  await t.throwsAsync(createTapeReplica({ topology: plain() }, 1), { code: "TAPE_FROZEN", message: /layersModelSpec/ });
});

for (const topology of [
  "",
  "{",
  "7",
  "null",
  "{}",
  '{"class_name":"Sequential","config":[{"class_name":"Mine","config":{}}]}',
]) {
  test.serial(`refuses ${topology || "nothing"} as a topology`, async (t) => {
    await t.throwsAsync(createTapeReplica({ topology }, 1), {
      code: "TAPE_MODEL",
      message: /layersModelSpec\(model\)/,
    });
  });
}

test.serial("a model that is refused leaves no tensor behind", async (t) => {
  const model = tfl.sequential({
    layers: [layers.flatten({ inputShape }), layers.dense({ units: 3 }), layers.dropout({ rate: 0.5 })],
  });
  const topology = JSON.stringify(model.toJSON(undefined, false));
  const before = tf.memory().numTensors;
  await t.throwsAsync(createTapeReplica({ topology }, 1), { code: "TAPE_LAYER_UNSUPPORTED" });
  t.is(tf.memory().numTensors, before);
});
