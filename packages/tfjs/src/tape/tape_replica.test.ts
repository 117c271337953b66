import * as tfl from "@tensorflow/tfjs-layers";
import test from "ava";
import { Draw } from "@convoy/core/test/draw";
import { tensorflow } from "../../test/tensorflow.ts";
import {
  averagePool2d,
  conv2d,
  createImageStore,
  dense,
  dropout,
  flatten,
  maxPool2d,
  Sequential,
} from "@convoy/core/training";
import type { MinibatchPart, Replica } from "@convoy/core/replica";
import { referenceGradient, referenceLogits, relativeDistance } from "@convoy/core/test/reference";
import { layersModelSpec } from "./layers_model.ts";
import { createTapeReplica } from "./tape_replica.ts";

const tf = await tensorflow();
const inputShape = [9, 8, 2] as const;
const draw = new Draw(1);
const images = Float32Array.from(draw.floats(8 * 9 * 8 * 2));
const labels = Array.from({ length: 8 }, () => draw.integer(0, 3));
const store = createImageStore({ images, labels, shape: inputShape }, 4);
const part: MinibatchPart = {
  store,
  order: Int32Array.from(draw.order(8)),
  start: 1,
  shardSizes: [3, 0, 2],
  minibatchSize: 5,
  seed: 1,
  step: 2,
};
const order = [...part.order.subarray(1, 6)];
const pixels = Float64Array.from(order.flatMap((sample) => [...images.subarray(sample * 144, (sample + 1) * 144)]));
const batch = {
  images: pixels,
  labels: order.map((sample) => labels[sample]),
  sampleIndices: order,
  minibatchSize: 5,
  seed: 1,
  step: 2,
};

function network(): Sequential {
  const layers = [
    conv2d({ filters: 6, kernelSize: 3, padding: "same", strides: 2, activation: "relu" }),
    maxPool2d({ poolSize: 2, padding: "same" }),
    conv2d({ filters: 5, kernelSize: [1, 2] }),
    averagePool2d({ poolSize: 2, strides: 1, padding: "same" }),
    flatten(),
    dense({ units: 7, activation: "relu" }),
    dense({ units: 4 }),
  ];
  return new Sequential({ inputShape: [...inputShape], layers });
}

function sameInLayers(last: "linear" | "softmax"): tfl.LayersModel {
  const { layers } = tfl;
  return tfl.sequential({
    layers: [
      layers.conv2d({
        inputShape: [...inputShape],
        filters: 6,
        kernelSize: 3,
        padding: "same",
        strides: 2,
        activation: "relu",
      }),
      layers.maxPooling2d({ poolSize: 2, padding: "same" }),
      layers.conv2d({ filters: 5, kernelSize: [1, 2] }),
      layers.averagePooling2d({ poolSize: 2, strides: 1, padding: "same" }),
      layers.flatten(),
      layers.dense({ units: 7, activation: "relu" }),
      layers.dense({ units: 4, activation: last }),
    ],
  });
}

function gradientOf(replica: Replica, shardSizes = part.shardSizes, start = part.start): Float32Array {
  const out = new Float32Array(replica.parameterCount + 2).fill(NaN);
  replica.gradient({ ...part, shardSizes, start }, out);
  return out;
}

for (const last of ["linear", "softmax"] as const) {
  test.serial(`a tfjs-layers model that ends ${last} has the gradient of the equal Sequential`, async (t) => {
    const model = network();
    const weights = model.getWeights();
    const layersModel = sameInLayers(last);
    const { spec, parameterCount } = layersModelSpec(layersModel);
    layersModel.dispose();
    t.is(parameterCount, model.parameterCount);
    const replica = await createTapeReplica(spec, 5);
    replica.load(weights);
    const found = gradientOf(replica);
    const expected = referenceGradient(model.toJSON(), weights, batch);
    for (const { name, offset, size } of model.parameters) {
      const distance = relativeDistance(
        found.subarray(offset, offset + size),
        expected.gradient.subarray(offset, offset + size),
      );
      t.true(distance < 1e-5, `${name}: ${distance}`);
    }
    t.true(Math.abs(found[parameterCount] - expected.loss) < 1e-5);
    t.is(found[parameterCount + 1], expected.correct);

    const logits = new Float32Array(5 * 4);
    replica.predict(store, 2, 5, logits);
    const shown = Float64Array.from(images.subarray(2 * 144, 7 * 144));
    const wanted = referenceLogits(model.toJSON(), weights, shown);
    if (last === "linear") t.true(relativeDistance(logits, wanted) < 1e-5);
    // Logarithms of probabilities are logits too: they differ by one number an image.
    for (let at = 0; at < 20; at += 4) {
      for (let k = 1; k < 4; k++) {
        t.true(Math.abs(logits[at + k] - logits[at] - (wanted[at + k] - wanted[at])) < 1e-5);
      }
    }
    replica.dispose();
  });
}

test.serial("parameters that are loaded replace those before, in every kernel that packs them", async (t) => {
  const model = network();
  const replica = await createTapeReplica(model.toJSON(), 5);
  const weights = model.getWeights();
  for (const scale of [1, -1, 2]) {
    const scaled = weights.map((weight) => weight * scale);
    replica.load(scaled);
    const logits = new Float32Array(20);
    replica.predict(store, 0, 5, logits);
    const expected = referenceLogits(model.toJSON(), scaled, Float64Array.from(images.subarray(0, 5 * 144)));
    t.true(relativeDistance(logits, expected) < 1e-5);
  }
  replica.dispose();
});

test.serial(
  "a run of shards has the bits of its shards computed alone, and an empty one changes nothing",
  async (t) => {
    const layers = [...network().toJSON().layers.slice(0, -1), dropout({ rate: 0.4 }), dense({ units: 4 })];
    const model = new Sequential({ inputShape: [...inputShape], layers });
    const replica = await createTapeReplica(model.toJSON(), 5);
    replica.load(model.getWeights());
    const together = gradientOf(replica, [3, 0, 2]);
    const first = gradientOf(replica, [3], 1);
    const second = gradientOf(replica, [2], 4);
    t.deepEqual(
      together,
      first.map((value, i) => value + second[i]),
    );
    t.deepEqual(gradientOf(replica, [0]), new Float32Array(replica.parameterCount + 2));
    replica.dispose();
  },
);

test.serial("no step keeps a tensor or memory, and dispose gives everything back", async (t) => {
  const backend = tf.findBackend("wasm") as unknown as { numDataIds(): number };
  const count = (): number[] => [tf.memory().numTensors, tf.memory().numDataBuffers, backend.numDataIds()];
  const layersModel = sameInLayers("softmax");
  const { spec } = layersModelSpec(layersModel);
  layersModel.dispose();
  for (const model of [network().toJSON(), spec as { topology: string }]) {
    const before = count();
    const replica = await createTapeReplica(model, 5);
    const logits = new Float32Array(20);
    const step = (): void => {
      replica.load(new Float32Array(replica.parameterCount).fill(0.01));
      gradientOf(replica);
      replica.predict(store, 0, 5, logits);
    };
    step();
    const during = count();
    for (let i = 0; i < 5; i++) step();
    t.deepEqual(count(), during);
    replica.dispose();
    t.deepEqual(count(), before);
  }
});

test.serial("a network that has diverged shows it in its loss", async (t) => {
  const layersModel = sameInLayers("softmax");
  const { spec } = layersModelSpec(layersModel);
  layersModel.dispose();
  for (const model of [network().toJSON(), spec as { topology: string }]) {
    const replica = await createTapeReplica(model, 5);
    replica.load(Float32Array.from({ length: replica.parameterCount }, (_, i) => 3e38 * Math.sin(i)));
    t.false(Number.isFinite(gradientOf(replica)[replica.parameterCount]));
    replica.dispose();
  }
});

test.serial(
  "refuses more images than it was made for, images of another shape, and images that are not there",
  async (t) => {
    const replica = await createTapeReplica(network().toJSON(), 4);
    replica.load(network().getWeights());
    t.throws(() => gradientOf(replica), { code: "CAPACITY" });
    const other = createImageStore({ images: new Uint8Array(16), labels: [0], shape: [4, 4, 1] }, 4);
    t.throws(() => replica.predict(other, 0, 1, new Float32Array(4)), { code: "IMAGE_SHAPE" });
    t.throws(() => replica.predict(store, 6, 3, new Float32Array(12)), { code: "PREDICT_RANGE" });
    t.throws(() => replica.predict(store, 0, 2, new Float32Array(7)), { code: "PREDICT_RANGE" });
    replica.dispose();
  },
);
