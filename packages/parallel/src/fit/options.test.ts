import { sgd } from "@convoy/core";
import test from "ava";
import { bands, smallNetwork } from "../../test/small_network.ts";
import { fit } from "./fit.ts";
import { checkOptions, type FitOptions } from "./options.ts";

const save = (): void => {};
const someCheckpoint = {
  parameters: [],
  weights: new Float32Array(0),
  optimizerState: [],
  optimizer: sgd({ learningRate: 1 }),
  metrics: {},
  settings: {},
};

const bad: readonly (readonly [option: string, values: readonly unknown[]])[] = [
  ["epochs", [0, -1, 1.5, Number.NaN, "2", null, 1e9]],
  ["batchSize", [0, 2.5, "64", Infinity, 2 ** 21]],
  ["workers", [0, -2, 1.5, "2", 2000]],
  ["shards", [0, 65, 1.5, "4"]],
  ["seed", [-1, 0.5, 2 ** 32, "1"]],
  ["signal", [{ aborted: false }, true, null]],
  ["onEvent", ["log", {}, null]],
  ["replica", ["fast", 1, null]],
  ["kernels", ["fast", true, null, "auto"]],
  ["timings", ["yes", 1, null]],
  ["maxRestarts", [-1, 1.5, "3", null, Infinity]],
  ["checkpoint", [true, "epochs", null, []]],
  ["checkpoint.save", [{}, { save: "file" }]],
  ["checkpoint.everySteps", [0, 1.5, "2", null].map((everySteps) => ({ everySteps, save }))],
  ["checkpoint.everyEpochs", [0, 1.5, "2", Infinity].map((everyEpochs) => ({ everyEpochs, save }))],
  ["checkpoint.everySeconds", [0, -1, "2", Number.NaN].map((everySeconds) => ({ everySeconds, save }))],
  ["checkpoint.wanted", [true, "yes", null].map((wanted) => ({ wanted, save }))],
  ["checkpoint has no option everyMinutes", [{ everyMinutes: 1, save }]],
  ["resumeFrom", [true, "last", null, {}, { ...someCheckpoint, weights: [1] }, { ...someCheckpoint, metrics: null }]],
  ["override", ["yes", 1, null]],
  ["validation", [7, "mnist", null]],
  ["test", [7, "mnist", null]],
  ["validationSplit", [0, 1, -0.1, 1.5, "0.5", Number.NaN, null]],
  ["optimizer", ["adam", { kind: "rmsprop" }, { kind: "sgd", learningRate: -1 }, null]],
  ["targetAccuracy", [0, 1.1, -0.5, "0.9", Number.NaN, null]],
];

for (const [option, values] of bad) {
  for (const value of values) {
    test(`${option}: ${JSON.stringify(value)} (${String(value)}) is refused by name`, async (t) => {
      const images = bands(4);
      // What plain JavaScript could pass.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      const options = { test: images, [option.split(/[ .]/, 1)[0]]: value } as unknown as FitOptions;
      const error = await t.throwsAsync(fit(smallNetwork(), bands(8), options));
      t.like(error, { code: "FIT_OPTION", name: "ParallelError" });
      t.true(error.message.includes(option));
    });
  }
}

test("more shards than images in a minibatch are refused", (t) => {
  t.throws(() => checkOptions({ batchSize: 4, shards: 5 }), { code: "FIT_OPTION", message: /shards.*batch size, 4/ });
});

test("two ways to say which images to validate on are refused", (t) => {
  t.throws(() => checkOptions({ validation: bands(4), validationSplit: 0.5 }), {
    code: "FIT_OPTION",
    message: /validation and validationSplit .* give one/,
  });
});

test("a target accuracy needs test or validation images", (t) => {
  t.throws(() => checkOptions({ targetAccuracy: 0.9 }), {
    code: "FIT_OPTION",
    message: /give test, validation or validationSplit/,
  });
});

test("an override needs a checkpoint", (t) => {
  t.throws(() => checkOptions({ override: true }), { code: "FIT_OPTION", message: /belongs to resumeFrom/ });
});

test("kernels are of the planned replica alone", async (t) => {
  const options = { replica: "tape", kernels: "wide" } as const;
  await t.throwsAsync(fit(smallNetwork(), bands(8), options), { code: "FIT_OPTION", message: /kernels belong/ });
});

test("an unknown option is refused, and the known ones are named", (t) => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const options = { batchsize: 64 } as FitOptions;
  t.throws(() => checkOptions(options), { code: "FIT_OPTION", message: /no option batchsize.*batchSize/ });
});

test("options that are no object are refused", (t) => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  t.throws(() => checkOptions(3 as unknown as FitOptions), { code: "FIT_OPTION" });
});

test("the defaults are those of the seed program", (t) => {
  t.like(checkOptions({}), {
    epochs: 1,
    batchSize: 64,
    shards: 4,
    seed: 1,
    optimizer: sgd({ learningRate: 0.001, momentum: 0.9 }),
  });
});

test("data that does not fit the model is refused before training, and no thread is left", async (t) => {
  const events: string[] = [];
  const onEvent = ({ event }: { event: string }): void => void events.push(event);
  const data = bands(8);
  await t.throwsAsync(fit(smallNetwork(), { ...data, shape: [4, 16, 1] }, { onEvent }), { code: "FIT_DATA" });
  await t.throwsAsync(fit(smallNetwork(), { ...data, labels: [1, 2] }, { onEvent }), { code: "DATA_LENGTH" });
  await t.throwsAsync(fit(smallNetwork(), data, { onEvent, validation: { ...data, shape: [2, 32, 1] } }), {
    code: "FIT_DATA",
    message: /validation images/,
  });
  t.deepEqual(events, []);
});

test("what is no model is refused", async (t) => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const model = { weights: [] } as unknown as Parameters<typeof fit>[0];
  await t.throwsAsync(fit(model, bands(8)), { code: "FIT_MODEL" });
});

test("of two fits of one model at once the second is refused, and the model is free afterwards", async (t) => {
  const model = smallNetwork();
  const first = fit(model, bands(8), { workers: 1 });
  await t.throwsAsync(fit(model, bands(8), { workers: 1 }), { code: "FIT_MODEL", message: /trained already/ });
  await first;
  await t.throwsAsync(fit(model, bands(8), { epochs: 0 }), { code: "FIT_OPTION" });
  t.is((await fit(model, bands(8), { workers: 1 })).epochs, 1);
});

test("weights from which nothing can be learned are named before any thread starts", async (t) => {
  const model = smallNetwork();
  const weights = model.getWeights();
  weights[weights.length - 1] = Number.NaN;
  model.setWeights(weights);
  const events: unknown[] = [];
  const onEvent = (event: unknown): void => void events.push(event);
  const { name } = model.parameters.at(-1)!;
  await t.throwsAsync(fit(model, bands(8), { onEvent }), {
    code: "FIT_MODEL",
    message: `FIT_MODEL: the model has a weight of NaN in ${name}, from which nothing can be learned. Give it other weights.`,
  });
  t.deepEqual(events, []);
});
