import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import test from "ava";
import { dense } from "../../network/layers/dense.ts";
import { flatten } from "../../network/layers/flatten.ts";
import { Sequential } from "../../model/sequential.ts";
import { sgd } from "../../network/optimizers/sgd.ts";
import { encodeCheckpoint } from "../checkpoint/encode_checkpoint.ts";
import { encodeSafetensors } from "../safetensors/encode_safetensors.ts";
import { loadWeights } from "./load_weights.ts";
import { saveModel } from "./model_file.ts";
import type { NamedTensor } from "../safetensors/safetensors.ts";

const folder = await mkdtemp(path.join(os.tmpdir(), "convoy-load-weights-"));
test.after.always(() => rm(folder, { recursive: true, force: true }));

let files = 0;
async function written(bytes: Uint8Array): Promise<string> {
  const file = path.join(folder, `${files++}.safetensors`);
  await writeFile(file, bytes);
  return file;
}

/** dense_1 is [2, 3], dense_2 is [3, classes]. */
function small({ classes = 2, seed = 1 } = {}): Sequential {
  const layers = [flatten(), dense({ units: 3 }), dense({ units: classes })];
  return new Sequential({ inputShape: [2, 1, 1], layers, seed });
}

/** Its tensors as another program would write them: in another order, and without a digest. */
function foreign(model: Sequential): Uint8Array {
  const flat = model.getWeights();
  const tensors = model.parameters.map(({ name, shape, offset, size }) => {
    return { name, shape, data: flat.subarray(offset, offset + size) };
  });
  return encodeSafetensors({ tensors: tensors.toReversed() });
}

function filled(name: string, shape: readonly number[], value: number): NamedTensor {
  return { name, shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(value) };
}

const all = ["dense_1/kernel", "dense_1/bias", "dense_2/kernel", "dense_2/bias"];

test("takes all weights of a file that Convoy saved, and says the SHA-256 of the file", async (t) => {
  const base = small({ seed: 2 });
  const file = path.join(folder, "saved.safetensors");
  await saveModel(base, file);
  const model = small();
  const sha256 = createHash("sha256")
    .update(await readFile(file))
    .digest("hex");
  const nothing = { missing: [], otherShape: [], unknown: [] };
  t.deepEqual(await loadWeights(model, file), { sha256, verified: true, loaded: all, ...nothing });
  t.deepEqual(model.getWeights(), base.getWeights());
});

test("takes them from another program's file too, in whatever order, and says that it is not verified", async (t) => {
  const base = small({ seed: 2 });
  const model = small();
  const { verified, loaded } = await loadWeights(model, await written(foreign(base)));
  t.false(verified);
  t.deepEqual(loaded, all);
  t.deepEqual(model.getWeights(), base.getWeights());
});

test("takes the weights of a checkpoint, and not the state of its optimizer", async (t) => {
  const base = small({ seed: 2 });
  const weights = base.getWeights();
  const file = await written(
    encodeCheckpoint({
      parameters: base.parameters.map(({ name, shape }) => ({ name, shape })),
      weights,
      optimizer: sgd({ learningRate: 1, momentum: 0.5 }),
      optimizerState: [weights.map((value) => value + 1)],
      step: 3,
      epoch: 0,
      samplerPosition: 24,
      seed: 1,
      metrics: { loss: 0, correct: 0, recentLoss: 0 },
      settings: {},
    }),
  );
  const model = small();
  const { verified, unknown } = await loadWeights(model, file);
  t.true(verified);
  t.deepEqual(unknown, []);
  t.deepEqual(model.getWeights(), weights);
  const other = small({ classes: 5 });
  t.deepEqual((await loadWeights(other, file, { allowPartial: true })).unknown, []);
  t.deepEqual(other.getWeights().subarray(0, 9), weights.subarray(0, 9));
});

test("takes what fits when that is allowed, says what does not and why, and leaves the rest as it was", async (t) => {
  const tensors = [
    filled("dense_1/bias", [3], 7),
    filled("dense_2/kernel", [2, 3], 8),
    filled("head/kernel", [1], 9),
    filled("dense_1/kernel", [2, 3], 6),
  ];
  const file = await written(encodeSafetensors({ tensors }));
  const model = small();
  const before = model.getWeights();
  const report = await loadWeights(model, file, { allowPartial: true });
  t.like(report, { loaded: ["dense_1/kernel", "dense_1/bias"], missing: ["dense_2/bias"], unknown: ["head/kernel"] });
  t.deepEqual(report.otherShape, [{ name: "dense_2/kernel", shape: [2, 3], needed: [3, 2] }]);
  t.deepEqual([...model.getWeights()], [6, 6, 6, 6, 6, 6, 7, 7, 7, ...before.subarray(9)]);
  await t.throwsAsync(loadWeights(small(), file), {
    code: "CHECKPOINT_TENSORS",
    message:
      /: it has no "dense_2\/bias"; of another shape is "dense_2\/kernel", \[2, 3\] and not \[3, 2\]; the network has no "head\/kernel"\. .*--allow-partial/,
  });
});

test("a missing tensor, one of another shape or one too many is refused, and changes nothing", async (t) => {
  const whole = small({ classes: 4, seed: 3 });
  const flat = whole.getWeights();
  const tensors = whole.parameters.map(({ name, shape, offset, size }) => {
    return { name, shape, data: flat.subarray(offset, offset + size) };
  });
  const extra = Array.from({ length: 5 }, (_, i) => ({ ...tensors[1], name: `\u001b[2J${i}` }));
  const turned = { ...tensors[0], shape: [3, 2] };
  for (const [content, says] of [
    [tensors.slice(1), /it has no "dense_1\/kernel"\. /],
    [[turned, ...tensors.slice(1)], /of another shape is "dense_1\/kernel", \[3, 2\] and not \[2, 3\]\. /],
    [[...tensors, ...extra], /the network has no "\\u001b\[2J0", "[^"]+1", "[^"]+2" and 2 more\. /],
  ] as const) {
    const model = small({ classes: 4 });
    const before = model.weightsSha256();
    const file = await written(encodeSafetensors({ tensors: content }));
    await t.throwsAsync(loadWeights(model, file), { code: "CHECKPOINT_TENSORS", message: says });
    t.is(model.weightsSha256(), before);
  }
});

test("a file with nothing of the network is refused, whatever is allowed", async (t) => {
  const data = new Float32Array(1);
  for (const tensors of [[], [{ name: "x", shape: [1], data }], [{ name: "dense_1/bias", shape: [1], data }]]) {
    const file = await written(encodeSafetensors({ tensors }));
    await t.throwsAsync(loadWeights(small(), file, { allowPartial: true }), {
      code: "CHECKPOINT_TENSORS",
      message: /has no weights of this network: it has no "dense_/,
    });
  }
});

test("a damaged file and a weight that is not finite are refused, and change nothing", async (t) => {
  const base = small({ seed: 2 });
  const file = path.join(folder, "damaged.safetensors");
  await saveModel(base, file);
  const bytes = await readFile(file);
  bytes[bytes.length - 1] ^= 1;
  await writeFile(file, bytes);
  const model = small();
  const before = model.weightsSha256();
  await t.throwsAsync(loadWeights(model, file, { allowPartial: true }), { code: "CHECKPOINT_DIGEST" });
  base.setWeights(base.getWeights().fill(NaN, 9, 10));
  await t.throwsAsync(loadWeights(model, await written(foreign(base))), {
    code: "CHECKPOINT_VALUE",
    message: /"dense_2\/kernel" .* a weight of NaN/,
  });
  t.is(model.weightsSha256(), before);
  await t.throwsAsync(loadWeights(model, path.join(folder, "absent")), { code: "CHECKPOINT_MISSING" });
});
