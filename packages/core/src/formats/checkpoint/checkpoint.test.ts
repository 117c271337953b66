import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "ava";
import { sampleCheckpoint } from "../../../test/sample_checkpoint.ts";
import { adam } from "../../network/optimizers/adam.ts";
import { sgd } from "../../network/optimizers/sgd.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { decodeCheckpoint } from "./decode_checkpoint.ts";
import { encodeCheckpoint } from "./encode_checkpoint.ts";
import { encodeSafetensors } from "../safetensors/encode_safetensors.ts";
import { loadModel } from "../../model/load_model.ts";
import { decodeSafetensors } from "../safetensors/safetensors.ts";
import { settingsSha256 } from "./settings_sha256.ts";

const sample = sampleCheckpoint();

test("what is written comes back, to the last bit", (t) => {
  t.deepEqual(decodeCheckpoint(encodeCheckpoint(sample)), sample);
});

test("a checkpoint before the first step, without a network, momentum or settings comes back too", (t) => {
  const { parameters, weights } = sample;
  const first: Checkpoint = {
    parameters,
    weights,
    optimizer: sgd({ learningRate: 1, momentum: 0 }),
    optimizerState: [],
    step: 0,
    epoch: 0,
    samplerPosition: 0,
    seed: 0,
    metrics: { loss: 0, correct: 0, recentLoss: 0 },
    settings: {},
    metadata: {},
  };
  t.deepEqual(decodeCheckpoint(encodeCheckpoint(first)), first);
});

const best = { epoch: 2, step: 20, loss: 0.1 + 0.2, correct: 41, total: 50, weights: sample.optimizerState[1] };

test("the best weights come back with what they did, after the others, and are not taken for the weights", async (t) => {
  const bytes = encodeCheckpoint(sampleCheckpoint({ best }));
  t.deepEqual(decodeCheckpoint(bytes), { ...sample, best });
  const { tensors, metadata } = decodeSafetensors(bytes);
  t.deepEqual(
    tensors.slice(-4).map(({ name }) => name),
    ["best/conv2d_1/kernel", "best/conv2d_1/bias", "best/dense_1/kernel", "best/dense_1/bias"],
  );
  t.is(metadata["convoy.best"], '{"epoch":2,"step":20,"loss":0.30000000000000004,"correct":41,"total":50}');
  const withoutState = { best, optimizer: sgd({ learningRate: 1, momentum: 0 }), optimizerState: [] };
  t.deepEqual(decodeCheckpoint(encodeCheckpoint(sampleCheckpoint(withoutState))).best, best);
  const folder = await mkdtemp(path.join(tmpdir(), "convoy-best-"));
  await writeFile(path.join(folder, "c.safetensors"), bytes);
  t.deepEqual((await loadModel(path.join(folder, "c.safetensors"))).getWeights(), sample.weights);
  await rm(folder, { recursive: true });
});

test("bytes at an odd address are read too, and a whole file is not copied", (t) => {
  const bytes = encodeCheckpoint(sample);
  t.is(decodeCheckpoint(bytes).optimizerState[1].buffer, bytes.buffer);
  const shifted = new Uint8Array(bytes.length + 1).subarray(1);
  shifted.set(bytes);
  t.deepEqual(decodeCheckpoint(shifted), sample);
});

test("any reader of the format finds weights, state and text under these names", (t) => {
  const { tensors, metadata, verified } = decodeSafetensors(encodeCheckpoint(sample));
  t.true(verified);
  t.deepEqual(
    tensors.map(({ name, shape }) => `${name} ${shape.join("x")}`),
    ["", "optimizer.m/", "optimizer.v/"].flatMap((prefix) => [
      `${prefix}conv2d_1/kernel 2x2x1x2`,
      `${prefix}conv2d_1/bias 2`,
      `${prefix}dense_1/kernel 8x3`,
      `${prefix}dense_1/bias 3`,
    ]),
  );
  const { "convoy.model": model, "convoy.optimizer": optimizer, ...text } = metadata;
  t.is(model, JSON.stringify(sample.model));
  t.is(optimizer, JSON.stringify(sample.optimizer));
  const settings = '{"batchSize":64,"dataset":"größer","deviation":0.3081,"nesterov":false}';
  t.deepEqual(text, {
    classNames: '["cat","dog"]',
    "convoy.checkpoint": "1",
    "convoy.epoch": "2",
    "convoy.step": "27",
    "convoy.samplerPosition": "448",
    "convoy.seed": "4294967295",
    "convoy.metrics": '{"loss":1012.3000000000001,"correct":101,"recentLoss":0.3333333333333333}',
    "convoy.settings": settings,
    "convoy.settingsSha256": createHash("sha256").update(settings).digest("hex"),
  });
});

test("settings have one fingerprint in whatever order they come, and another for another value", (t) => {
  t.is(settingsSha256({ a: 1, b: "x" }), settingsSha256({ b: "x", a: 1 }));
  t.not(settingsSha256({ a: 1 }), settingsSha256({ a: "1" }));
});

const short = sample.weights.subarray(1);
const impossible: [string, Partial<Checkpoint>, string][] = [
  ["half a step", { step: 27.5 }, "CHECKPOINT_PROGRESS"],
  ["a negative step", { step: -1 }, "CHECKPOINT_PROGRESS"],
  ["more epochs than steps", { epoch: 28 }, "CHECKPOINT_PROGRESS"],
  ["images of an epoch without a step", { epoch: 27 }, "CHECKPOINT_PROGRESS"],
  ["a seed of 2^32", { seed: 2 ** 32 }, "CHECKPOINT_PROGRESS"],
  ["more right answers than images", { samplerPosition: 100 }, "CHECKPOINT_PROGRESS"],
  ["a loss that is no number", { metrics: { loss: Number.NaN, correct: 0, recentLoss: 0 } }, "CHECKPOINT_PROGRESS"],
  ["an endless recent loss", { metrics: { loss: 1, correct: 0, recentLoss: Infinity } }, "CHECKPOINT_PROGRESS"],
  [
    "a loss before the first image",
    { samplerPosition: 0, metrics: { loss: 1, correct: 0, recentLoss: 0 } },
    "CHECKPOINT_PROGRESS",
  ],
  ["weights of another length", { weights: short }, "CHECKPOINT_STATE"],
  ["state of another length", { optimizerState: [sample.weights, short] }, "CHECKPOINT_STATE"],
  ["one moment for two", { optimizerState: [sample.weights] }, "CHECKPOINT_STATE"],
  ["moments without momentum", { optimizer: sgd({ learningRate: 1, momentum: 0 }) }, "CHECKPOINT_STATE"],
  ["a setting that is no number", { settings: { a: Number.NaN } }, "CHECKPOINT_SETTINGS"],
  ["settings of 100,000 characters", { settings: { a: "x".repeat(100_000) } }, "CHECKPOINT_SETTINGS"],
  ["best weights of another length", { best: { ...best, weights: short } }, "CHECKPOINT_STATE"],
  ["best weights of a later step", { best: { ...best, step: 28 } }, "CHECKPOINT_PROGRESS"],
  ["best weights before the first epoch", { best: { ...best, epoch: 0 } }, "CHECKPOINT_PROGRESS"],
  ["more right answers of the best weights than images", { best: { ...best, correct: 51 } }, "CHECKPOINT_PROGRESS"],
  ["best weights with an endless loss", { best: { ...best, loss: Infinity } }, "CHECKPOINT_PROGRESS"],
  ["best weights without images", { best: { ...best, correct: 0, total: 0 } }, "CHECKPOINT_PROGRESS"],
  ["metadata of Convoy's own", { metadata: { "convoy.step": "3" } }, "CHECKPOINT_METADATA"],
];
for (const [what, changes, code] of impossible) {
  test(`does not write ${what}: ${code}`, (t) => {
    t.throws(() => encodeCheckpoint(sampleCheckpoint(changes)), { code });
  });
}

const { tensors: whole, metadata: told } = decodeSafetensors(encodeCheckpoint(sample));
/** A file whose own digest is right and whose text is not: made by a stranger, not by an accident. */
const forged = (changes: Record<string, string>, tensors = whole) =>
  encodeSafetensors({ tensors, metadata: { ...told, ...changes }, sealed: true });

const numbersOfBest = decodeSafetensors(encodeCheckpoint(sampleCheckpoint({ best }))).metadata["convoy.best"];
const deep = `{"a":${"[".repeat(30_000)}${"]".repeat(30_000)}}`;
const strange: [string, Uint8Array, string][] = [
  ["weights alone", encodeSafetensors({ tensors: whole, sealed: true }), "CHECKPOINT_FORMAT"],
  ["a later version", forged({ "convoy.checkpoint": "2" }), "CHECKPOINT_FORMAT"],
  ["no digest", encodeSafetensors({ tensors: whole, metadata: told }), "CHECKPOINT_DIGEST"],
  ["a step in hexadecimal", forged({ "convoy.step": "0x1b" }), "CHECKPOINT_METADATA"],
  ["a step with a space", forged({ "convoy.step": "27 " }), "CHECKPOINT_METADATA"],
  ["a step of 2^60", forged({ "convoy.step": String(2n ** 60n) }), "CHECKPOINT_METADATA"],
  ["a step of 2^53", forged({ "convoy.step": String(2n ** 53n) }), "CHECKPOINT_PROGRESS"],
  ["an epoch beyond the step", forged({ "convoy.epoch": "28" }), "CHECKPOINT_PROGRESS"],
  ["metrics that are no JSON", forged({ "convoy.metrics": "{" }), "CHECKPOINT_METADATA"],
  ["metrics with a number as text", forged({ "convoy.metrics": '{"loss":"1"}' }), "CHECKPOINT_METADATA"],
  ["an endless loss", forged({ "convoy.metrics": '{"loss":1e999,"correct":0,"recentLoss":0}' }), "CHECKPOINT_PROGRESS"],
  ["an optimizer that does not exist", forged({ "convoy.optimizer": '{"kind":"x"}' }), "CHECKPOINT_METADATA"],
  ["an optimizer of 30,000 arrays", forged({ "convoy.optimizer": deep }), "CHECKPOINT_METADATA"],
  [
    "the state of another optimizer",
    forged({ "convoy.optimizer": '{"kind":"sgd","momentum":0.9}' }),
    "CHECKPOINT_STATE",
  ],
  ["a state that its optimizer has not", forged({ "convoy.optimizer": '{"kind":"sgd"}' }), "CHECKPOINT_TENSORS"],
  ["a tensor too few", forged({}, whole.slice(0, -1)), "CHECKPOINT_STATE"],
  ["best weights that are not there", forged({ "convoy.best": numbersOfBest }), "CHECKPOINT_STATE"],
  ["best weights without their step", forged({ "convoy.best": '{"epoch":2}' }), "CHECKPOINT_METADATA"],
  [
    "best weights after no step",
    forged({ "convoy.best": '{"epoch":0,"step":0,"loss":0,"correct":0,"total":1}' }),
    "CHECKPOINT_PROGRESS",
  ],
  ["moments before weights", forged({}, [...whole.slice(4), ...whole.slice(0, 4)]), "CHECKPOINT_STATE"],
  ["a setting that was changed", forged({ "convoy.settings": '{"batchSize":32}' }), "CHECKPOINT_SETTINGS"],
  ["a setting that comes twice", forgedSettings('{"a":1,"a":2}'), "CHECKPOINT_SETTINGS"],
  ["the setting __proto__", forgedSettings('{"__proto__":"x"}'), "CHECKPOINT_METADATA"],
  ["a setting that is an object", forgedSettings('{"a":{}}'), "CHECKPOINT_METADATA"],
  ["settings of 100,000 characters", forgedSettings(`{"a":"${"x".repeat(100_000)}"}`), "CHECKPOINT_METADATA"],
  ["a network that cannot be", forged({ "convoy.model": '{"inputShape":[1],"layers":[]}' }), "CHECKPOINT_MODEL"],
  ["a network of two million characters", forged({ "convoy.model": " ".repeat(2e6) }), "CHECKPOINT_MODEL"],
  [
    "another network",
    forged({ "convoy.model": told["convoy.model"].replace("[3,3,1]", "[4,3,1]") }),
    "CHECKPOINT_TENSORS",
  ],
];

function forgedSettings(settings: string): Uint8Array {
  const digest = createHash("sha256").update(settings).digest("hex");
  return forged({ "convoy.settings": settings, "convoy.settingsSha256": digest });
}

for (const [what, bytes, code] of strange) {
  test(`does not read ${what}: ${code}`, (t) => {
    t.throws(() => decodeCheckpoint(bytes, "c.safetensors"), { code, message: /c\.safetensors/ });
  });
}

for (const key of Object.keys(told).filter((name) => name.startsWith("convoy.") && name !== "convoy.model")) {
  test(`does not read a checkpoint without ${key}`, (t) => {
    const { [key]: _, ...metadata } = told;
    const code = key === "convoy.checkpoint" ? "CHECKPOINT_FORMAT" : "CHECKPOINT_METADATA";
    t.throws(() => decodeCheckpoint(encodeSafetensors({ tensors: whole, metadata, sealed: true })), { code });
  });
}

test("each kind of optimizer gets back as many vectors as it has", (t) => {
  const [m, v] = sample.optimizerState;
  for (const [optimizer, optimizerState] of [
    [adam({ learningRate: 1 }), [m, v]],
    [sgd({ learningRate: 1, momentum: 0.9, nesterov: true }), [v]],
    [sgd({ learningRate: 1, momentum: 0 }), []],
  ] as const) {
    const read = decodeCheckpoint(encodeCheckpoint(sampleCheckpoint({ optimizer, optimizerState })));
    t.deepEqual(read.optimizer, optimizer);
    t.deepEqual(read.optimizerState, optimizerState);
  }
});
