import { adam, type ImageData } from "@convoy/core";
import * as tfl from "@tensorflow/tfjs-layers";
import { setBackend, tensor, tidy } from "@tensorflow/tfjs-core";
import test from "ava";
import "@tensorflow/tfjs-backend-wasm";
import { bands } from "../../test/small_network.ts";
import { fit } from "./fit.ts";

const { layers } = tfl;

test.before(async () => {
  await setBackend("wasm");
});

function convolution(): tfl.LayersModel {
  return tfl.sequential({
    layers: [
      layers.conv2d({
        inputShape: [8, 8, 1],
        filters: 4,
        kernelSize: 3,
        activation: "relu",
        kernelInitializer: tfl.initializers.glorotUniform({ seed: 1 }),
      }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dense({
        units: 4,
        activation: "softmax",
        kernelInitializer: tfl.initializers.glorotUniform({ seed: 2 }),
      }),
    ],
  });
}

/** Share of the images that the model itself, run by tfjs-layers alone, classifies right. */
function accuracy(model: tfl.LayersModel, { images, labels, shape }: ImageData): number {
  const pixels = Float32Array.from(images, (byte) => (byte / 255 - 0.5) / 0.5);
  const count = labels.length;
  const classes = tidy(() => {
    const [probabilities] = [model.predict(tensor(pixels, [count, ...shape]))].flat();
    return probabilities.dataSync<"float32">();
  });
  let right = 0;
  for (let i = 0; i < count; i++) {
    const row = [...classes.subarray(i * 4, i * 4 + 4)];
    if (row.indexOf(Math.max(...row)) === labels[i]) right++;
  }
  return right / count;
}

const options = { epochs: 5, batchSize: 64, optimizer: adam({ learningRate: 0.01 }) };

test.serial("a tfjs-layers model trains on two threads, with the bits of one, and has the weights", async (t) => {
  const data = bands(640);
  const one = convolution();
  const expected = await fit(one, data, { ...options, workers: 1 });
  const two = convolution();
  const result = await fit(two, data, { ...options, workers: 2, test: bands(200) });
  t.is(result.workers, 2);
  t.is(result.weightsSha256, expected.weightsSha256);
  t.deepEqual(
    result.history.map(({ loss }) => loss),
    expected.history.map(({ loss }) => loss),
  );
  t.true(result.history[4].loss < result.history[0].loss / 2);
  const found = accuracy(two, bands(200));
  t.true(found > 0.95, String(found));
  t.is(result.history[4].evaluation?.testAccuracy, found);
});

test.serial("a frozen part stays as it is, and the rest learns on it", async (t) => {
  const model = convolution();
  model.layers[0].trainable = false;
  const kernel = model.layers[0].getWeights()[0].dataSync().slice();
  const head = model.layers[3].getWeights()[0].dataSync().slice();
  const { history } = await fit(model, bands(640), { ...options, workers: 2 });
  t.deepEqual(model.layers[0].getWeights()[0].dataSync(), kernel);
  t.notDeepEqual(model.layers[3].getWeights()[0].dataSync(), head);
  t.true(history[4].loss < history[0].loss);
});

test.serial("a model that cannot give the same bits is refused before any thread starts", async (t) => {
  const model = tfl.sequential({
    layers: [layers.flatten({ inputShape: [8, 8, 1] }), layers.dropout({ rate: 0.5 }), layers.dense({ units: 4 })],
  });
  await t.throwsAsync(fit(model, bands(64), { workers: 2 }), { code: "TAPE_LAYER_UNSUPPORTED", message: /Dropout/ });
});

test.serial("a model that tfjs cannot train ends the run with its own code", async (t) => {
  const model = tfl.sequential({
    layers: [
      layers.conv2d({ inputShape: [8, 8, 1], filters: 2, kernelSize: 3 }),
      layers.thresholdedReLU(),
      layers.flatten(),
      layers.dense({ units: 4 }),
    ],
  });
  await t.throwsAsync(fit(model, bands(64), { workers: 2 }), {
    code: "WORKER_START_FAILED",
    message: /TAPE_LAYER_UNSUPPORTED: .*Greater/,
  });
});
