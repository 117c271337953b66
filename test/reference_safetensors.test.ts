import { hash } from "node:crypto";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "ava";
import { run } from "../apps/trainer/src/run.ts";
import { readRunFile } from "../apps/trainer/src/runs/run_file.ts";
import { FakeEnvironment } from "../apps/trainer/test/fake_environment.ts";
import { writeTinyDataset } from "../apps/trainer/test/tiny_dataset.ts";
import { decodeCheckpoint } from "../packages/core/src/formats/checkpoint/decode_checkpoint.ts";
import { encodeSafetensors } from "../packages/core/src/formats/safetensors/encode_safetensors.ts";
import { decodeSafetensors, type NamedTensor } from "../packages/core/src/formats/safetensors/safetensors.ts";
import { dense, flatten, loadModel, loadWeights, Sequential } from "../packages/core/src/index.ts";
import {
  asReference,
  byName,
  findReference,
  readByReference,
  writeByReference,
  type ReferenceContent,
} from "./reference_safetensors.ts";

const python = await findReference();
const reason = python === undefined ? " (not run here: no Python with numpy and safetensors; see CONTRIBUTING.md)" : "";
const testIfPresent = python === undefined ? test.skip : test;

const folder = await mkdtemp(path.join(tmpdir(), "convoy-reference-"));
test.after.always(() => rm(folder, { recursive: true, force: true }));

/** Numbers that no way through text or another type would leave as they are, and all kinds of shapes and names. */
const tensors: readonly NamedTensor[] = [
  { name: "z", shape: [2, 3], data: Float32Array.of(1 / 3, -2e38, 3e-45, -0, 5, 6) },
  { name: "scalar", shape: [], data: Float32Array.of(Math.PI) },
  { name: "empty", shape: [0, 4], data: new Float32Array(0) },
  { name: "ones of a size", shape: [1, 1, 2, 1], data: Float32Array.of(Infinity, Number.NaN) },
  { name: 'a "quoted" näme', shape: [1], data: Float32Array.of(7) },
];
const metadata = { note: "größer ✓", empty: "", "line\n": '{"a":[1]}' };

/** Headers of eight lengths: each needs another number of spaces up to a multiple of eight. */
const paddings = Array.from({ length: 8 }, (_, i) => "p".repeat(i + 1));

testIfPresent(`the reference safetensors reader finds in our files what we wrote, bit by bit${reason}`, async (t) => {
  const contents = [
    { tensors, metadata, sealed: false },
    { tensors: [], metadata, sealed: false },
    ...paddings.map((name) => ({ tensors: [{ ...tensors[0], name }], metadata: {}, sealed: false })),
  ];
  const files = contents.map((_, i) => path.join(folder, `ours-${i}.safetensors`));
  for (const [i, content] of contents.entries()) await writeFile(files[i], encodeSafetensors(content));
  const found = await readByReference(python!, files);
  for (const [i, content] of contents.entries()) {
    const { metadata: foundMetadata, tensors: foundTensors } = found[files[i]];
    t.deepEqual(foundMetadata ?? {}, content.metadata);
    t.deepEqual(byName(foundTensors), byName(content.tensors.map(asReference)));
  }
});

testIfPresent(`it reads the weights, the best weights and the checkpoints of a run${reason}`, async (t) => {
  await writeTinyDataset(path.join(folder, "tiny"), { train: 40, test: 10 });
  const options =
    "--data-dir tiny --epochs 2 --batch-size 8 --optimizer adam --validation-split 0.2 --kernels narrow --workers 1";
  const environment = new FakeEnvironment(folder);
  const exitCode = await run(["start", "--run-dir", "run", "--quiet", ...options.split(" ")], environment);
  t.is(exitCode, 0, environment.stderr.text);
  const runFolder = path.join(folder, "run");
  const final = path.join(runFolder, "final.safetensors");
  const best = path.join(runFolder, "best.safetensors");
  const checkpoints = (await readdir(path.join(runFolder, "checkpoints"))).toSorted();
  const checkpoint = path.join(runFolder, "checkpoints", checkpoints[checkpoints.length - 1]);
  const found = await readByReference(python!, [final, best, checkpoint]);

  const { parameters } = await loadModel(final);
  const names = parameters.map(({ name }) => name);
  const state = ["optimizer.m", "optimizer.v", "best"].flatMap((prefix) => names.map((name) => `${prefix}/${name}`));
  const { weightsSha256 } = await readRunFile(runFolder);
  for (const file of [final, best, checkpoint]) {
    const bytes = await readFile(file);
    const ours = decodeSafetensors(bytes, file);
    const { tensors: theirs, metadata: texts } = found[file];
    const expected = file === checkpoint ? [...names, ...state] : names;
    t.deepEqual(
      byName(theirs).map(({ name }) => name),
      expected.toSorted(),
    );
    t.deepEqual(byName(theirs), byName(ours.tensors.map(asReference)));
    const digest = texts!["convoy.sha256"];
    t.deepEqual(texts, { ...ours.metadata, "convoy.sha256": digest });
    const withoutDigest = bytes.toString("latin1").replace(digest, "0".repeat(64));
    t.is(hash("sha256", Buffer.from(withoutDigest, "latin1")), digest);
    if (file === best) continue;
    // The fingerprint that the run told, of the bytes that the reference found.
    const data = new Map(theirs.map((tensor) => [tensor.name, Buffer.from(tensor.data, "base64")]));
    t.is(hash("sha256", Buffer.concat(names.map((name) => data.get(name)!))), weightsSha256);
  }
  t.is(decodeCheckpoint(await readFile(checkpoint)).step, 8);
});

testIfPresent(`files that the reference writes load here, bit by bit, as not verified${reason}`, async (t) => {
  const contents: ReferenceContent[] = [
    { tensors: tensors.map(asReference), metadata },
    { tensors: tensors.map(asReference), metadata: null },
    { tensors: [], metadata },
    ...paddings.map((name) => ({ tensors: [asReference({ ...tensors[0], name })], metadata: null })),
  ];
  const files = Object.fromEntries(contents.map((content, i) => [path.join(folder, `theirs-${i}`), content]));
  await writeByReference(python!, files);
  for (const [file, content] of Object.entries(files)) {
    const read = decodeSafetensors(await readFile(file), file);
    t.false(read.verified);
    t.deepEqual(read.metadata, content.metadata ?? {});
    t.deepEqual(byName(read.tensors.map(asReference)), byName(content.tensors));
  }
});

function network(seed: number): Sequential {
  const layers = [flatten(), dense({ units: 3 }), dense({ units: 2 })];
  return new Sequential({ inputShape: [2, 2, 1], layers, seed });
}

testIfPresent(`training can begin with weights that the reference wrote, of float64 too${reason}`, async (t) => {
  const base = network(2);
  const flat = base.getWeights();
  const parts = base.parameters.map(({ name, shape, offset, size }) =>
    asReference({ name, shape, data: flat.subarray(offset, offset + size) }),
  );
  const [file, double] = [path.join(folder, "weights"), path.join(folder, "double")];
  const doubles = base.parameters.map(({ name, shape, offset, size }) => {
    const data = Buffer.from(Float64Array.from(flat.subarray(offset, offset + size)).buffer).toString("base64");
    return { name, dtype: "float64", shape, data };
  });
  await writeByReference(python!, {
    [file]: { tensors: parts, metadata: { format: "np" } },
    [double]: { tensors: doubles, metadata: null },
  });
  const model = network(1);
  t.like(await loadWeights(model, file), { verified: false, missing: [], unknown: [] });
  t.deepEqual(model.getWeights(), flat);
  const other = network(1);
  await loadWeights(other, double);
  t.deepEqual(other.getWeights(), flat);
});
