import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import test from "ava";
import { dense } from "../../network/layers/dense.ts";
import { flatten } from "../../network/layers/flatten.ts";
import { Sequential } from "../../model/sequential.ts";
import { loadWeights } from "./load_weights.ts";
import { loadModel } from "../../model/load_model.ts";
import { modelKey, modelText } from "./network_metadata.ts";

const folder = await mkdtemp(path.join(os.tmpdir(), "convoy-others-"));
test.after.always(() => rm(folder, { recursive: true, force: true }));

interface Foreign {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

let files = 0;
/** As other programs write it. */
async function written(tensors: readonly Foreign[], metadata?: Readonly<Record<string, string>>): Promise<string> {
  const header: Record<string, unknown> = metadata === undefined ? {} : { __metadata__: metadata };
  let at = 0;
  for (const { name, dtype, shape, bytes } of tensors) {
    header[name] = { dtype, shape, data_offsets: [at, at + bytes.length] };
    at += bytes.length;
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const file = path.join(folder, `${files++}.safetensors`);
  await writeFile(file, Buffer.concat([length, text, ...tensors.map(({ bytes }) => bytes)]));
  return file;
}

/** dense_1 is [2, 2] and [2]. */
function network(): Sequential {
  return new Sequential({ inputShape: [2, 1, 1], layers: [flatten(), dense({ units: 2 })] });
}

const values: Readonly<Record<string, readonly number[]>> = {
  "dense_1/kernel": [0.5, -1.5, 2, -0.25],
  "dense_1/bias": [1, -3],
};
const sizes: Readonly<Record<string, readonly number[]>> = { "dense_1/kernel": [2, 2], "dense_1/bias": [2] };

const encoders: Readonly<Record<string, (numbers: readonly number[]) => ArrayBuffer>> = {
  F32: (numbers) => Float32Array.from(numbers).buffer,
  F16: (numbers) => Float16Array.from(numbers).buffer,
  BF16: (numbers) => Uint16Array.from(new Uint32Array(Float32Array.from(numbers).buffer), (word) => word >>> 16).buffer,
  F64: (numbers) => Float64Array.from(numbers).buffer,
  I32: (numbers) => Int32Array.from(numbers).buffer,
};

function weights(dtype: string, rename = (name: string) => name): Foreign[] {
  return Object.entries(values).map(([name, numbers]) => {
    const shape = sizes[name];
    return { name: rename(name), dtype, shape, bytes: new Uint8Array(encoders[dtype](numbers)) };
  });
}

const tensor = (name: string, dtype: string, shape: readonly number[], length: number): Foreign => {
  return { name, dtype, shape, bytes: new Uint8Array(length) };
};

for (const dtype of ["F32", "F16", "BF16", "F64"]) {
  test(`reads weights of ${dtype}, into a network that is there and with one of their own`, async (t) => {
    const expected = Float32Array.from(Object.values(values).flat());
    const model = network();
    await loadWeights(model, await written(weights(dtype)));
    t.deepEqual(model.getWeights(), expected);
    const described = await written(weights(dtype), { [modelKey]: modelText(network().toJSON()) });
    t.deepEqual((await loadModel(described)).getWeights(), expected);
  });
}

const beside: readonly Foreign[] = [
  tensor("bn.num_batches_tracked", "I64", [], 8),
  tensor("mask", "BOOL", [3], 3),
  tensor("nothing", "F32", [0, 5], 0),
  tensor("step", "F32", [], 4),
  tensor("quantized", "F8_E4M3", [5], 5),
  tensor("of a type to come", "F1", [77], 10),
];
for (const other of beside) {
  test(`a tensor ${JSON.stringify(other.name)} of ${other.dtype} that the network has not is unknown, before and behind`, async (t) => {
    for (const tensors of [
      [other, ...weights("F32")],
      [...weights("F16"), other],
    ]) {
      const file = await written(tensors);
      const model = network();
      await t.throwsAsync(loadWeights(model, file), {
        code: "CHECKPOINT_TENSORS",
        message: /the network has no ".*"\. All of the network's weights are there, .*--allow-partial/,
      });
      const report = await loadWeights(model, file, { allowPartial: true });
      t.deepEqual(report.unknown, [other.name]);
      t.deepEqual(report.loaded, Object.keys(values));
      t.deepEqual([...model.getWeights()], Object.values(values).flat());
    }
  });
}

test("a weight that is no float is refused with the cure for that, whatever is allowed", async (t) => {
  const file = await written(weights("I32"));
  for (const allowPartial of [false, true]) {
    await t.throwsAsync(loadWeights(network(), file, { allowPartial }), {
      code: "CHECKPOINT_DTYPE",
      message: /"dense_1\/kernel" of .* is "I32"; weights are read from F32, F16, BF16, F64\. Convert it to float32/,
    });
  }
});

test("a float64 that float32 cannot hold is refused, and changes nothing", async (t) => {
  const [kernel, bias] = weights("F64");
  new DataView(bias.bytes.buffer).setFloat64(8, 1e39, true);
  const model = network();
  const before = model.weightsSha256();
  await t.throwsAsync(loadWeights(model, await written([kernel, bias])), {
    code: "CHECKPOINT_VALUE",
    message: /"dense_1\/bias" of .* has a weight of 1e\+39, more than float32 can hold/,
  });
  t.is(model.weightsSha256(), before);
});

const cures: [string, Foreign[], RegExp, boolean][] = [
  [
    "a prefix",
    weights("F32", (name) => `model.${name}`),
    /Its names have "model\." in front: take that away\.$/,
    false,
  ],
  [
    "PyTorch's names",
    weights("F32", (name) => name.replace("dense_1/", "fc1.").replace("kernel", "weight")),
    /Its names are PyTorch's: /,
    false,
  ],
  [
    "turned axes",
    [tensor("dense_1/kernel", "F32", [1, 4], 16), ...weights("F32").slice(1)],
    /Use the network that they belong to.*--allow-partial/,
    true,
  ],
  ["nothing at all", [tensor("a", "I64", [], 8)], /names and shapes\.$/, false],
];
for (const [what, tensors, says, helps] of cures) {
  test(`names the cure for ${what}, and allowPartial only where it helps`, async (t) => {
    const file = await written(tensors);
    const refusal = await t.throwsAsync(loadWeights(network(), file), { code: "CHECKPOINT_TENSORS", message: says });
    t.is(refusal.message.includes("allowPartial"), helps);
    const allowed = loadWeights(network(), file, { allowPartial: true });
    if (helps) await t.notThrowsAsync(allowed);
    else t.false((await t.throwsAsync(allowed)).message.includes("allowPartial"));
  });
}

test("says of axes in PyTorch's order that they are to be turned", async (t) => {
  const layers = [flatten(), dense({ units: 3 })];
  const model = new Sequential({ inputShape: [2, 1, 1], layers });
  const file = await written([tensor("dense_1/kernel", "F32", [3, 2], 24), tensor("dense_1/bias", "F32", [3], 12)]);
  await t.throwsAsync(loadWeights(model, file), { message: /\[3, 2\] and not \[2, 3\]\. Their axes .* turn them/ });
});
