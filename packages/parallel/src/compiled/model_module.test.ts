import test from "ava";
import { rows, weightsOf } from "../../test/compiled_models.ts";
import { build, fourthPower, Standing } from "../../test/models/doubling.ts";
import { tensorflow } from "../../test/tensorflow.ts";
import { fit } from "../fit/fit.ts";

const tf = await tensorflow();
const options = { epochs: 2, workers: 2, batchSize: 16, shards: 2 };
const url = (name: string): URL => new URL(`../../test/models/${name}.ts`, import.meta.url);

test.serial("a layer of one's own comes by a module that registers it", async (t) => {
  const hashes = new Set<string>();
  for (const workers of [1, 2]) {
    const model = build("meanSquaredError");
    hashes.add((await fit(model, rows(50), { ...options, workers, modelModule: url("doubling") })).weightsSha256);
  }
  t.is(hashes.size, 1);
});

test.serial("a loss of one's own comes by a module that builds the model, with the caller's optimizer", async (t) => {
  const [theirs, ours] = [build(), build()];
  for (const model of [theirs, ours]) model.optimizer = tf.train.sgd(0.05);
  const { x, y } = rows(48);
  await theirs.fit(tf.tensor(x.values, [48, 6]), tf.tensor(y.values, [48, 3]), {
    epochs: 1,
    batchSize: 16,
    shuffle: false,
  });
  await fit(ours, { x, y }, { batchSize: 16, shards: 1, shuffle: false, modelModule: url("built").href });
  const weights = weightsOf(theirs);
  const found = weightsOf(ours);
  t.true(Math.max(...found.map((value, i) => Math.abs(value - weights[i]))) < 1e-6);
});

test.serial("what cannot travel is refused by name, and the model is as it was", async (t) => {
  const model = build("meanSquaredError");
  const before = model.getWeights()[0].dataSync().slice();
  await t.throwsAsync(fit(model, rows(20), options), {
    code: "TAPE_CUSTOM_CLASS",
    message: /do not know the layer Doubling.*modelModule/,
  });
  await t.throwsAsync(fit(build(), rows(20), { ...options, modelModule: url("doubling") }), {
    code: "TAPE_FUNCTION",
    message: /the loss fourthPower is a function of your own.*modelModule/,
  });
  model.compile({ optimizer: "sgd", loss: "meanSquaredError", metrics: [fourthPower] });
  await t.throwsAsync(fit(model, rows(20), { ...options, modelModule: url("doubling") }), {
    code: "TAPE_FUNCTION",
    message: /the metric fourthPower/,
  });
  t.deepEqual(model.getWeights()[0].dataSync(), before);
});

test.serial("an optimizer of one's own needs a module too", async (t) => {
  const model = build("meanSquaredError");
  model.compile({ optimizer: new Standing(0.1), loss: "meanSquaredError" });
  const { serialization } = tf;
  t.true("Standing" in serialization.SerializationMap.getMap().classNameMap);
  await t.notThrowsAsync(fit(model, rows(20), { ...options, modelModule: url("doubling") }));
  model.compile({ optimizer: new Standing(0.1), loss: "meanSquaredError" });
  await t.throwsAsync(fit(model, rows(20), options), { code: "TAPE_CUSTOM_CLASS", message: /optimizer Standing/ });
});

const modules: Readonly<Record<string, readonly [module: URL, code: string, message: RegExp]>> = {
  "builds nothing": [url("nothing"), "TAPE_MODULE", /default export.*compiled/],
  "builds another model": [
    url("other"),
    "TAPE_MODULE",
    /has weights of 18, 3 numbers, that of the threads of 48, 8, 24, 3/,
  ],
  "does not exist": [url("missing"), "WORKER_START_FAILED", /missing/],
};
for (const [name, [modelModule, code, message]] of Object.entries(modules)) {
  test.serial(`a module that ${name} is refused`, async (t) => {
    await t.throwsAsync(fit(build(), rows(20), { ...options, modelModule }), { code, message });
  });
}
