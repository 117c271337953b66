import test from "ava";
import { conv2d } from "../network/layers/conv2d.ts";
import { dense } from "../network/layers/dense.ts";
import { dropout } from "../network/layers/dropout.ts";
import { flatten } from "../network/layers/flatten.ts";
import { maxPool2d } from "../network/layers/max_pool2d.ts";
import { randomUint32 } from "../network/random/random_uint32.ts";
import { networks } from "./networks/networks.ts";
import { seedCnn } from "./networks/seed_cnn.ts";
import { Sequential } from "./sequential.ts";

/** Logits: pixel 0, twice pixel 1, and 1. */
function byHand(): Sequential {
  const model = new Sequential({ inputShape: [1, 2, 1], layers: [flatten(), dense({ units: 3 })] });
  model.setWeights(Float32Array.of(1, 0, 0, 0, 2, 0, 0, 0, 1));
  return model;
}

function softmaxOf(...logits: number[]): number[] {
  const exponentials = logits.map((logit) => Math.exp(logit));
  const sum = exponentials.reduce((a, b) => a + b, 0);
  return exponentials.map((exponential) => exponential / sum);
}

const near = (values: ArrayLike<number>, expected: readonly number[], tolerance = 1e-6): boolean =>
  values.length === expected.length && expected.every((value, i) => Math.abs(values[i] - value) < tolerance);

function noise(count: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, i) => randomUint32(1, 99, 0, i) & 255);
}

test("the example of the documentation gives ten probabilities that add up to 1", async (t) => {
  const model = new Sequential({
    inputShape: [28, 28, 1],
    layers: [conv2d({ filters: 16, kernelSize: 3, activation: "relu" }), maxPool2d(), flatten(), dense({ units: 10 })],
  });
  const probabilities = await model.predict(new Uint8Array(28 * 28));
  t.is(probabilities.length, 10);
  t.true(Math.abs(probabilities.reduce((a, b) => a + b, 0) - 1) < 1e-6);
  model.dispose();
});

test("predict: floats are taken as they are", async (t) => {
  const model = byHand();
  const predicted = await model.predict(Float32Array.of(3, 0.5, -1, 2));
  t.true(near(predicted, [...softmaxOf(3, 1, 1), ...softmaxOf(-1, 4, 1)]));
  model.dispose();
});

test("predict: bytes are normalised, to -1 to 1 unless told otherwise", async (t) => {
  const model = byHand();
  t.true(near(await model.predict(Uint8Array.of(255, 0)), softmaxOf(1, -2, 1)));
  const normalization = { mean: 0.2, deviation: 0.4 };
  t.true(near(await model.predict(Uint8Array.of(255, 51), { normalization }), softmaxOf(2, 0, 1)));
  model.dispose();
});

test("evaluate: loss and accuracy worked out by hand", async (t) => {
  const model = byHand();
  const images = Float32Array.of(3, 0.5, -1, 2, 0, 0);
  const evaluation = await model.evaluate({ images, labels: [0, 0, 2], shape: [1, 2, 1] });
  const loss =
    -(Math.log(softmaxOf(3, 1, 1)[0]) + Math.log(softmaxOf(-1, 4, 1)[0]) + Math.log(softmaxOf(0, 0, 1)[2])) / 3;
  t.true(Math.abs(evaluation.loss - loss) < 1e-6);
  t.is(evaluation.correct, 2);
  t.is(evaluation.total, 3);
  t.is(evaluation.accuracy, 2 / 3);
  model.dispose();
});

test("new weights count from the next call on", async (t) => {
  const model = byHand();
  const image = Float32Array.of(3, 0.5);
  await model.predict(image);
  model.setWeights(new Float32Array(9));
  t.true(near(await model.predict(image), [1 / 3, 1 / 3, 1 / 3]));
  model.dispose();
});

test("an image's probabilities do not depend on the images beside it", async (t) => {
  const model = seedCnn();
  const images = noise(600 * 784);
  const all = await model.predict(images);
  t.is(all.length, 6000);
  for (const i of [0, 255, 256, 511, 512, 599]) {
    const alone = await model.predict(images.subarray(i * 784, (i + 1) * 784));
    t.deepEqual(alone, all.subarray(i * 10, (i + 1) * 10));
  }
  model.dispose();
});

test("calls that overlap, and a dispose between them, do not disturb each other", async (t) => {
  const model = seedCnn();
  const images = noise(300 * 784);
  const expected = await model.predict(images);
  model.dispose();
  const one = model.predict(images.subarray(0, 784));
  const all = model.predict(images);
  model.dispose();
  const again = model.predict(images.subarray(0, 784));
  t.deepEqual(await one, expected.subarray(0, 10));
  t.deepEqual(await all, expected);
  t.deepEqual(await again, expected.subarray(0, 10));
  model.dispose();
});

test("weights that change while a call waits do not mix into it", async (t) => {
  const model = byHand();
  const before = model.predict(Float32Array.of(3, 0.5));
  model.setWeights(new Float32Array(9));
  t.true(near(await before, softmaxOf(3, 1, 1)));
  model.dispose();
});

test("dropout is off", async (t) => {
  const withDropout = new Sequential({
    inputShape: [6, 6, 1],
    layers: [
      conv2d({ filters: 4, kernelSize: 3 }),
      maxPool2d(),
      dropout({ rate: 0.9 }),
      flatten(),
      dense({ units: 3 }),
    ],
  });
  const without = new Sequential({
    inputShape: [6, 6, 1],
    layers: [conv2d({ filters: 4, kernelSize: 3 }), maxPool2d(), flatten(), dense({ units: 3 })],
  });
  without.setWeights(withDropout.getWeights());
  const images = noise(36 * 5);
  t.true(near(await withDropout.predict(images), [...(await without.predict(images))]));
  withDropout.dispose();
  without.dispose();
});

for (const [name, network] of Object.entries(networks)) {
  test(`${name}: every row of probabilities adds up to 1`, async (t) => {
    const model = network();
    const predicted = await model.predict(noise(3 * 784));
    for (let row = 0; row < 3; row++) {
      const sum = predicted.subarray(row * 10, row * 10 + 10).reduce((a, b) => a + b, 0);
      t.true(Math.abs(sum - 1) < 1e-6);
    }
    model.dispose();
  });
}

test("a new seed network knows nothing: its loss is ln 10", async (t) => {
  const model = seedCnn();
  const labels = Int32Array.from({ length: 400 }, (_, i) => i % 10);
  const { loss } = await model.evaluate({ images: noise(400 * 784), labels, shape: [28, 28, 1] });
  t.true(Math.abs(loss - Math.LN10) < 0.1, String(loss));
  model.dispose();
});

test("refuses images of another size, shape or class", async (t) => {
  const model = byHand();
  await t.throwsAsync(model.predict(Float32Array.of(1, 2, 3)), { code: "DATA_LENGTH", message: /3 values/ });
  await t.throwsAsync(model.predict(new Uint8Array(0)), { code: "DATA_EMPTY" });
  // @ts-expect-error -- the types refuse it too
  await t.throwsAsync(model.predict([1, 2]), { code: "DATA_TYPE", message: /got Array/ });
  // @ts-expect-error -- the types refuse it too
  await t.throwsAsync(model.predict(), { code: "DATA_TYPE", message: /got nothing/ });
  const images = Float32Array.of(1, 2);
  await t.throwsAsync(model.evaluate({ images, labels: [0], shape: [2, 1, 1] }), {
    code: "MODEL_DATA",
    message: "MODEL_DATA: the network takes images of [1, 2, 1]; these are of [2, 1, 1].",
  });
  await t.throwsAsync(model.evaluate({ images, labels: [3], shape: [1, 2, 1] }), { code: "DATA_LABEL" });
});
