import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import test from "ava";
import { conv2d } from "../../network/layers/conv2d.ts";
import { dense } from "../../network/layers/dense.ts";
import { flatten } from "../../network/layers/flatten.ts";
import { maxPool2d } from "../../network/layers/max_pool2d.ts";
import { Sequential } from "../../model/sequential.ts";
import { loadModel } from "../../model/load_model.ts";
import { readMetadata, saveModel } from "./model_file.ts";
import { encodeSafetensors } from "../safetensors/encode_safetensors.ts";
import { decodeSafetensors, type NamedTensor } from "../safetensors/safetensors.ts";

async function place(t: { teardown(fn: () => Promise<void>): void }): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "convoy-model-"));
  t.teardown(() => rm(folder, { recursive: true }));
  return path.join(folder, "model.safetensors");
}

function small(seed = 7): Sequential {
  return new Sequential({
    inputShape: [6, 5, 1],
    layers: [
      conv2d({ filters: 3, kernelSize: [3, 2], padding: "same", activation: "relu" }),
      maxPool2d(),
      flatten(),
      dense({ units: 4, useBias: false }),
    ],
    seed,
  });
}

test("a saved network comes back with its weights, whatever they are", async (t) => {
  const file = await place(t);
  const model = small();
  const weights = model.getWeights().map((value, i) => (i === 3 ? -0 : value * 1.5));
  model.setWeights(weights);
  await saveModel(model, file);
  const loaded = await loadModel(file);
  t.deepEqual(loaded.getWeights(), weights);
  t.is(loaded.weightsSha256(), model.weightsSha256());
  t.deepEqual(loaded.toJSON(), model.toJSON());
});

test("Sequential saves and loads itself", async (t) => {
  const file = await place(t);
  const model = small();
  await model.save(file);
  t.is((await Sequential.load(file)).weightsSha256(), model.weightsSha256());
  t.deepEqual(await readdir(path.dirname(file)), ["model.safetensors"]);
});

test("the file holds each tensor under its name, in tfjs layout", async (t) => {
  const file = await place(t);
  const model = small();
  await saveModel(model, file);
  const { tensors } = decodeSafetensors(await readFile(file));
  t.deepEqual(
    tensors.map(({ name, shape }) => [name, shape]),
    [
      ["conv2d_1/kernel", [3, 2, 1, 3]],
      ["conv2d_1/bias", [3]],
      ["dense_1/kernel", [3 * 2 * 3, 4]],
    ],
  );
  t.deepEqual(
    tensors.flatMap(({ data }) => Array.from(data)),
    [...model.getWeights()],
  );
});

test("metadata comes back as given, with the network beside it", async (t) => {
  const file = await place(t);
  const model = small();
  await saveModel(model, file, { epoch: "3", note: "größer" });
  const { "convoy.model": network, ...rest } = await readMetadata(file);
  t.deepEqual(rest, { epoch: "3", note: "größer" });
  t.deepEqual(JSON.parse(network), JSON.parse(JSON.stringify(model)));
});

test("metadata that is no text, or takes the network's key, is refused and writes nothing", async (t) => {
  const file = await place(t);
  await t.throwsAsync(saveModel(small(), file, { "convoy.model": "{}" }), { code: "CHECKPOINT_METADATA" });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  await t.throwsAsync(saveModel(small(), file, { epoch: 3 } as never), { code: "CHECKPOINT_METADATA" });
  t.deepEqual(await readdir(path.dirname(file)), []);
});

test("a file that is not there, a folder and a file taken for a folder are refused", async (t) => {
  const file = await place(t);
  await t.throwsAsync(loadModel(file), { code: "CHECKPOINT_MISSING", message: /model\.safetensors/ });
  await t.throwsAsync(readMetadata(file), { code: "CHECKPOINT_MISSING" });
  await t.throwsAsync(loadModel(path.dirname(file)), { code: "CHECKPOINT_NOT_A_FILE", message: /a folder/ });
  await t.throwsAsync(loadModel(path.join(import.meta.filename, "x")), { code: "CHECKPOINT_READ" });
});

const onUnix = process.platform === "win32" ? test.skip : test;
onUnix("a device that never ends is refused before it is read (skipped on Windows: no /dev/zero)", async (t) => {
  await t.throwsAsync(loadModel("/dev/zero"), { code: "CHECKPOINT_NOT_A_FILE", message: /no regular file/ });
});

test("a file whose folder is not there cannot be saved", async (t) => {
  await t.throwsAsync(saveModel(small(), path.join(await place(t), "x")), { code: "CHECKPOINT_WRITE" });
});

test("a cut file is refused by name", async (t) => {
  const file = await place(t);
  await saveModel(small(), file);
  await writeFile(file, (await readFile(file)).subarray(0, -1));
  await t.throwsAsync(loadModel(file), { code: "CHECKPOINT_TRUNCATED", message: /model\.safetensors ends after/ });
});

test("a safetensors file of something else is refused", async (t) => {
  const file = await place(t);
  await writeFile(file, encodeSafetensors({ tensors: [] }));
  await t.throwsAsync(loadModel(file), { code: "CHECKPOINT_MODEL", message: /no network in its metadata/ });
});

for (const network of ["{", "null", "3", "{}", '{"inputShape":[1,1,1],"layers":[{"kind":"lstm"}],"seed":1}']) {
  test(`the network ${network} is refused`, async (t) => {
    const file = await place(t);
    await writeFile(file, encodeSafetensors({ tensors: [], metadata: { "convoy.model": network } }));
    await t.throwsAsync(loadModel(file), { code: "CHECKPOINT_MODEL", message: /cannot be built/ });
  });
}

test("a small file that describes a network of 1 GiB is refused before there is memory for it", async (t) => {
  const file = await place(t);
  const model = new Sequential({
    inputShape: [1, 1, 1 << 14],
    layers: [flatten(), dense({ units: 1 << 14, useBias: false })],
  });
  const metadata = { "convoy.model": JSON.stringify(model) };
  await writeFile(file, encodeSafetensors({ tensors: [], metadata }));
  const before = process.memoryUsage().arrayBuffers;
  await t.throwsAsync(loadModel(file), { code: "CHECKPOINT_TENSORS" });
  t.true(process.memoryUsage().arrayBuffers - before < 1 << 20);
});

const changes: [string, (tensors: NamedTensor[]) => NamedTensor[], RegExp][] = [
  ["a missing tensor", (tensors) => tensors.slice(1), /no tensor conv2d_1\/kernel/],
  [
    "a tensor too many",
    (tensors) => [...tensors, { ...tensors[1], name: "x" }],
    /a tensor "x" that its network does not/,
  ],
  [
    "a renamed tensor",
    (tensors) => tensors.map((one, i) => (i === 1 ? { ...one, name: "b" } : one)),
    /no tensor conv2d_1\/bias/,
  ],
  [
    "another shape",
    (tensors) => tensors.map((one, i) => (i === 1 ? { ...one, shape: [1, 3] } : one)),
    /is \[1, 3\]; .* needs \[3\]/,
  ],
  [
    "a turned kernel",
    (tensors) => tensors.map((one, i) => (i === 2 ? { ...one, shape: [4, 18] } : one)),
    /is \[4, 18\]/,
  ],
];
for (const [what, change, message] of changes) {
  test(`${what} is refused`, async (t) => {
    const file = await place(t);
    await saveModel(small(), file);
    const { tensors, metadata } = decodeSafetensors(await readFile(file));
    await writeFile(file, encodeSafetensors({ tensors: change([...tensors]), metadata }));
    await t.throwsAsync(loadModel(file), { code: "CHECKPOINT_TENSORS", message });
  });
}
