import { conv2d, dense, flatten, maxPool2d, Sequential, sgd, type Checkpoint, type ImageData } from "@convoy/core";
import test from "ava";
import { fit } from "./fit.ts";

const shape = [8, 8, 1] as const;
const labels = Array.from({ length: 64 }, (_, i) => i % 2);
const images = new Uint8Array(64 * 64).map((_, i) => (labels[i >> 6] ? i * 37 : i * 11) & 255);
const data: ImageData = { images, labels, shape };
const normalization = { mean: 0.1307, deviation: 0.3081 };
const options = { workers: 1, epochs: 1, optimizer: sgd({ learningRate: 0.01 }) };

function network(said: object = {}): Sequential {
  const layers = [
    conv2d({ filters: 2, kernelSize: 3, activation: "relu" }),
    maxPool2d(),
    flatten(),
    dense({ units: 2 }),
  ];
  return new Sequential({ inputShape: shape, layers, ...said });
}

test("a network takes from its data what its numbers mean, and its checkpoints and copies have it", async (t) => {
  const saved: Checkpoint[] = [];
  const model = network();
  const checkpoint = { save: (one: Checkpoint): void => void saved.push(one) };
  const validation = { images, labels, shape };
  await fit(model, { ...data, normalization, classNames: ["cat", "dog"] }, { ...options, validation, checkpoint });
  const expected = { normalization, classNames: ["cat", "dog"], pictureFit: { fit: "cover" } };
  t.like(model.toJSON(), expected);
  t.true(saved.length > 0);
  for (const { model: config } of saved) t.like(config, expected);
  // As trained, loaded, and with plain bytes: the same accuracy.
  const again = Sequential.fromJSON(JSON.parse(JSON.stringify(model)));
  again.setWeights(model.getWeights());
  const trained = await model.evaluate({ ...data, normalization });
  t.deepEqual(await again.evaluate(data), trained);
  const probabilities = await again.predict(images);
  const right = labels.filter((label, i) => probabilities[2 * i + label] > 0.5).length;
  t.is(right, trained.correct);
  model.dispose();
  again.dispose();
});

test("data that says nothing is trained on as the network says, and without that as the seed program does", async (t) => {
  const own = network({ normalization, classNames: ["cat", "dog"] });
  const said = network();
  await fit(own, data, options);
  await fit(said, { ...data, normalization }, options);
  t.is(own.weightsSha256(), said.weightsSha256());
  t.deepEqual(own.classNames, ["cat", "dog"]);
  const plain = network();
  await fit(plain, data, options);
  t.deepEqual(plain.normalization, { mean: 0.5, deviation: 0.5 });
  t.not(plain.weightsSha256(), own.weightsSha256());
});

test("floats leave a network that does not know what bytes would be", async (t) => {
  const model = network({ normalization });
  await fit(model, { images: Float32Array.from(images, (byte) => byte / 255), labels, shape }, options);
  t.is(model.normalization, null);
  await t.throwsAsync(model.predict(images), { code: "MODEL_NORMALIZATION" });
});

test("a run that does not come to its first step leaves the network as it was", async (t) => {
  const model = network({ normalization });
  const other = { ...data, normalization: { mean: 0, deviation: 1 } };
  const { aborted } = await fit(model, other, { ...options, signal: AbortSignal.abort() });
  t.true(aborted);
  t.deepEqual(model.normalization, normalization);
});

test("training, validation and test data that contradict each other are refused", async (t) => {
  const refused = async (training: object, validation: object, code: string, message: RegExp): Promise<void> => {
    const other = { ...data, ...validation };
    for (const given of [{ validation: other }, { test: other }]) {
      await t.throwsAsync(fit(network(), { ...data, ...training }, { ...options, ...given }), { code, message });
    }
  };
  await refused({ normalization }, { normalization: { mean: 0.5, deviation: 0.5 } }, "FIT_DATA", /mean 0\.1307/);
  await refused({ classNames: ["cat", "dog"] }, { classNames: ["dog", "cat"] }, "MODEL_DATA", /class 0/);
  const floats = new Float32Array(images.length);
  await refused({ images: floats }, {}, "FIT_DATA", /floats and the \w+ images bytes/);
});

test("names that are not those of the classes are refused", async (t) => {
  const named = { ...data, classNames: ["a", "b", "c"] };
  await t.throwsAsync(fit(network(), named, options), {
    code: "FIT_DATA",
    message: /2 classes: classNames.*3 of them/,
  });
});

test("a normalization of floats, and fewer epochs than are done, would have no effect and are refused", async (t) => {
  const floats = { images: new Float32Array(images.length), labels, shape, normalization };
  await t.throwsAsync(fit(network(), floats, options), { code: "DATA_NORMALIZATION" });
  let last: Checkpoint | undefined;
  const checkpoint = { save: (one: Checkpoint): void => void (last = one) };
  await fit(network(), data, { ...options, epochs: 2, checkpoint });
  await t.throwsAsync(fit(network(), data, { ...options, resumeFrom: last }), {
    code: "FIT_OPTION",
    message: /2 epochs behind it, and epochs is 1/,
  });
});
