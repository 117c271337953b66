import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "ava";
import { encodeSafetensors } from "../formats/safetensors/encode_safetensors.ts";
import { decodeCheckpoint } from "../formats/checkpoint/decode_checkpoint.ts";
import { encodeCheckpoint } from "../formats/checkpoint/encode_checkpoint.ts";
import type { PictureFit } from "../network/data/picture_fit.ts";
import { conv2d } from "../network/layers/conv2d.ts";
import { dense } from "../network/layers/dense.ts";
import { flatten } from "../network/layers/flatten.ts";
import { sampleCheckpoint } from "../../test/sample_checkpoint.ts";
import { Sequential } from "./sequential.ts";
import type { SequentialOptions } from "../network/sequential_config.ts";

const folder = await mkdtemp(path.join(tmpdir(), "convoy-meaning-"));
test.after.always(() => rm(folder, { recursive: true, force: true }));

const normalization = { mean: 0.2, deviation: 0.4 };
const classNames = ["größer", "猫", "👩‍🔬"];
const pictureFit: PictureFit = { fit: "ink", ground: "light", size: 2, center: "mass" };
const shape = [1, 2, 1] as const;

/** Logits: pixel 0, twice pixel 1, and 1. */
function byHand(options: Partial<SequentialOptions> = {}): Sequential {
  const model = new Sequential({ inputShape: shape, layers: [flatten(), dense({ units: 3 })], ...options });
  model.setWeights(Float32Array.of(1, 0, 0, 0, 2, 0, 0, 0, 1));
  return model;
}

test("what a network's numbers mean goes through its JSON and its file", async (t) => {
  const file = path.join(folder, "whole.safetensors");
  const model = byHand({ normalization, classNames, pictureFit });
  await model.save(file);
  for (const again of [Sequential.fromJSON(JSON.parse(JSON.stringify(model))), await Sequential.load(file)]) {
    t.deepEqual(again.normalization, normalization);
    t.deepEqual(again.classNames, classNames);
    t.deepEqual(again.pictureFit, pictureFit);
  }
  model.dispose();
});

test("a network that says nothing has the JSON that it always had", (t) => {
  t.deepEqual(Object.keys(byHand().toJSON()), ["inputShape", "layers", "seed"]);
  const model = byHand({ classNames });
  model.classNames = undefined;
  t.deepEqual(Object.keys(model.toJSON()), ["inputShape", "layers", "seed"]);
});

test("a checkpoint keeps it", (t) => {
  const checkpoint = sampleCheckpoint();
  const model = { ...checkpoint.model!, normalization: null, pictureFit: { fit: "cover" } as const };
  t.deepEqual(decodeCheckpoint(encodeCheckpoint({ ...checkpoint, model })).model, model);
});

test("predict and evaluate go by it", async (t) => {
  const model = byHand({ normalization });
  const images = Uint8Array.of(255, 51);
  const expected = await model.predict(Float32Array.of(2, 0));
  t.true((await model.predict(images)).every((value, i) => Math.abs(value - expected[i]) < 1e-6));
  const { loss } = await model.evaluate({ images, labels: [0], shape });
  t.true(Math.abs(loss + Math.log(expected[0])) < 1e-6);
  // The same said twice is no contradiction.
  t.is((await model.evaluate({ images, labels: [0], shape, normalization: { ...normalization } })).loss, loss);
  model.dispose();
});

test("data that says another normalization is refused, and one that is given with the call is used", async (t) => {
  const model = byHand({ normalization });
  const data = { images: Uint8Array.of(255, 0), labels: [0], shape, normalization: { mean: 0.5, deviation: 0.5 } };
  await t.throwsAsync(model.evaluate(data), {
    code: "MODEL_NORMALIZATION",
    message: /trained with mean 0\.2, deviation 0\.4; the data says mean 0\.5, deviation 0\.5/,
  });
  const expected = await model.predict(Float32Array.of(1, -1));
  const given = { normalization: data.normalization };
  t.true((await model.predict(data.images, given)).every((value, i) => Math.abs(value - expected[i]) < 1e-6));
  t.true(Math.abs((await model.evaluate(data, given)).loss + Math.log(expected[0])) < 1e-6);
  model.dispose();
});

test("a network that was trained on floats takes bytes only with a normalization", async (t) => {
  const model = byHand({ normalization: null });
  const images = Uint8Array.of(255, 0);
  await t.throwsAsync(model.predict(images), { code: "MODEL_NORMALIZATION", message: /trained on floats/ });
  await t.throwsAsync(model.evaluate({ images, labels: [0], shape }), { code: "MODEL_NORMALIZATION" });
  await t.notThrowsAsync(model.predict(images, { normalization }));
  await t.notThrowsAsync(model.evaluate({ images, labels: [0], shape, normalization }));
  await t.notThrowsAsync(model.predict(Float32Array.of(1, 2)));
  model.dispose();
});

test("data whose classes have other names is refused", async (t) => {
  const model = byHand({ classNames: ["a", "b", "c"] });
  const data = { images: Uint8Array.of(255, 0), labels: [0], shape };
  await t.throwsAsync(model.evaluate({ ...data, classNames: ["a", "c", "b"] }), {
    code: "MODEL_DATA",
    message: /class 1 is "b" for the network and "c" for the data/,
  });
  await t.notThrowsAsync(model.evaluate({ ...data, classNames: ["a", "b", "c"] }));
  model.dispose();
});

const impossible: Readonly<Record<string, object>> = {
  "two names for three classes": { classNames: ["a", "b"] },
  "a text for names": { classNames: "abc" },
  "a name that a terminal would obey": { classNames: ["a", "b", "\u001b[2J"] },
  "a name that turns the line around": { classNames: ["a", "b", "\u202e"] },
  "a name that fills the screen": { classNames: ["a", "b", "x".repeat(101)] },
  "an empty name": { classNames: ["a", "b", " "] },
  "a name twice": { classNames: ["a", "b", "a"] },
  "a deviation of zero": { normalization: { mean: 0, deviation: 0 } },
  "an unknown fit": { pictureFit: { fit: "crop" } },
  "ink without a size": { pictureFit: { fit: "ink", ground: "dark", center: "mass" } },
  "ink larger than the input": { pictureFit: { ...pictureFit, size: 3 } },
  "a ground that is a number": { pictureFit: { fit: "cover", ground: 7 } },
  "an option that is misspelt": { inputshape: [1, 2, 1] },
};
for (const [what, options] of Object.entries(impossible)) {
  test(`${what} is refused`, async (t) => {
    t.throws(() => byHand(options), { code: "MODEL_OPTION" });
    // From a file as well.
    const file = path.join(folder, `${what.replaceAll(" ", "-")}.safetensors`);
    const text = JSON.stringify({ ...byHand().toJSON(), ...options });
    await writeFile(file, encodeSafetensors({ tensors: [], metadata: { "convoy.model": text } }));
    await t.throwsAsync(Sequential.load(file), { code: "CHECKPOINT_MODEL" });
  });
}

test("predict and evaluate refuse an option that they do not have, and a normalization of floats", async (t) => {
  const model = byHand();
  const images = Float32Array.of(1, 2);
  const data = { images, labels: [0], shape };
  // @ts-expect-error -- the types refuse it too
  await t.throwsAsync(model.predict(images, { batchSize: 32 }), { code: "MODEL_OPTION", message: /batchSize/ });
  // @ts-expect-error -- the types refuse it too
  await t.throwsAsync(model.evaluate(data, { verbose: 0 }), { code: "MODEL_OPTION", message: /verbose/ });
  await t.throwsAsync(model.predict(images, { normalization }), { code: "DATA_NORMALIZATION", message: /are floats/ });
  await t.throwsAsync(model.evaluate({ ...data, normalization }), { code: "DATA_NORMALIZATION" });
  model.dispose();
});

for (const value of [NaN, Infinity, -Infinity]) {
  test(`a weight of ${value} gives no answer, also where a layer hides it`, async (t) => {
    const model = new Sequential({
      inputShape: [4, 4, 1],
      layers: [conv2d({ filters: 2, kernelSize: 3, activation: "relu" }), flatten(), dense({ units: 2 })],
    });
    const sound = model.getWeights();
    const images = new Uint8Array(16);
    for (const [at, name] of [
      [0, "conv2d_1/kernel"],
      [19, "conv2d_1/bias"],
      [sound.length - 1, "dense_1/bias"],
    ] as const) {
      model.setWeights(sound.with(at, value));
      const expected = { code: "MODEL_NONFINITE", message: new RegExp(`a weight of ${value} in ${name}`) };
      await t.throwsAsync(model.predict(images), expected);
      await t.throwsAsync(model.evaluate({ images, labels: [0], shape: [4, 4, 1] }), expected);
    }
    model.setWeights(sound);
    await t.notThrowsAsync(model.predict(images));
    model.dispose();
  });
}

test("an answer that grows beyond all numbers is none", async (t) => {
  const model = byHand();
  model.setWeights(new Float32Array(9).fill(3e38));
  const images = Float32Array.of(0, 0, 3e38, 3e38);
  const expected = { code: "MODEL_NONFINITE", message: /the answer to image 1 is/ };
  await t.throwsAsync(model.predict(images), expected);
  await t.throwsAsync(model.evaluate({ images, labels: [0, 0], shape }), expected);
  model.dispose();
});

test("a file from before says it in its metadata, and what makes no sense there is passed over", async (t) => {
  const model = byHand();
  const tensors = model.parameters.map(({ name, shape: size, offset, size: count }) => {
    return { name, shape: size, data: model.getWeights().subarray(offset, offset + count) };
  });
  const load = async (metadata: Record<string, string>): Promise<Sequential> => {
    const file = path.join(folder, "former.safetensors");
    const text = JSON.stringify(model);
    await writeFile(file, encodeSafetensors({ tensors, metadata: { ...metadata, "convoy.model": text } }));
    return Sequential.load(file);
  };
  const former = await load({ normalization: JSON.stringify(normalization), classNames: JSON.stringify(classNames) });
  t.deepEqual(former.normalization, normalization);
  t.deepEqual(former.classNames, classNames);
  for (const text of ["{", "null", "3", "{}", '{"mean":0,"deviation":0}', '{"mean":"0","deviation":1}']) {
    const nonsense = await load({ normalization: text, classNames: '["cat", 1, 2]' });
    t.true(nonsense.normalization == null, text);
    t.is(nonsense.classNames, undefined);
  }
});
