import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { UsageError } from "../../apps/trainer/src/errors.ts";
import { decodeRunFile, encodeRunFile } from "../../apps/trainer/src/runs/run_file.ts";
import { decodeCheckpoint } from "../../packages/core/src/formats/checkpoint/decode_checkpoint.ts";
import { encodeCheckpoint } from "../../packages/core/src/formats/checkpoint/encode_checkpoint.ts";
import { ownDigest } from "../../packages/core/src/formats/files/file_digest.ts";
import { decodeSafetensors } from "../../packages/core/src/formats/safetensors/safetensors.ts";
import { CoreError } from "../../packages/core/src/errors.ts";
import { sampleCheckpoint } from "../../packages/core/test/sample_checkpoint.ts";
import { DatasetError } from "../../packages/datasets/src/errors.ts";
import { decodeIdx } from "../../packages/datasets/src/idx.ts";
import { loadIdxFolder } from "../../packages/datasets/src/idx_folder.ts";

/** A file that is read with distrust. */
export interface FuzzedFile {
  readonly what: string;
  readonly bytes: Uint8Array;
  /**
   * Reads the bytes, whatever was done to them.
   *
   * @returns what came of it; "loaded" only where all is as in the undamaged file
   */
  readonly read: (bytes: Uint8Array) => Promise<"loaded" | "refused" | "detected">;
}

type ErrorClass = abstract new (...args: never[]) => Error & { readonly code: string };

/** A coded error is an answer; any other error is a bug of the reader. */
async function answer(
  kind: ErrorClass,
  read: () => Promise<"loaded" | "detected">,
): Promise<"loaded" | "refused" | "detected"> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof kind)) throw error;
    assert.match(error.code, /^[A-Z]+(_[A-Z]+)+$/);
    assert.ok(error.message.startsWith(`${error.code}: `), error.message);
    assert.ok(error.message.length < 1000, "a short message");
    return "refused";
  }
}

const best = { epoch: 2, step: 20, loss: 0.5, correct: 41, total: 50, weights: sampleCheckpoint().weights };
const checkpoint = sampleCheckpoint({ best });
const checkpointBytes = encodeCheckpoint(checkpoint);
const { tensors } = decodeSafetensors(checkpointBytes);

const run = {
  convoy: "0.1.0",
  settings: { dataset: "mnist", model: "seed-cnn", seed: 1, normalization: { mean: 0.5, deviation: 0.5 } },
  machine: { node: "26.10.0", cores: 2 },
  epochs: 1,
  steps: 938,
  weightsSha256: "0123456789abcdef".repeat(4),
};

function idx(dimensions: readonly number[], value: (i: number) => number): Uint8Array {
  const header = Buffer.alloc(4 + 4 * dimensions.length);
  header.set([0, 0, 8, dimensions.length]);
  for (const [i, dimension] of dimensions.entries()) header.writeUInt32BE(dimension, 4 + 4 * i);
  const size = dimensions.reduce((product, dimension) => product * dimension, 1);
  return Buffer.concat([header, Buffer.from(Array.from({ length: size }, (_, i) => value(i)))]);
}

const images = idx([20, 5, 5], (i) => (i * i) % 251);
const labels = idx([20], (i) => i % 10);
const zipped = gzipSync(images);
const folder = await mkdtemp(path.join(tmpdir(), "convoy-fuzz-"));
const sound = { "train-images": images, "train-labels": labels, "t10k-images": images, "t10k-labels": labels };
const checksums = {
  "train-images": hash("md5", images),
  "train-labels": hash("md5", labels),
  "t10k-images": hash("md5", images),
  "t10k-labels": hash("md5", labels),
};
for (const [part, bytes] of Object.entries(sound)) await writeFile(fileOf(part), bytes);

function fileOf(part: string): string {
  return path.join(folder, `${part}-${part.endsWith("images") ? "idx3" : "idx1"}-ubyte`);
}

/** The folder that the data sets are read from; to be called when all is done. */
export function removeFolder(): Promise<void> {
  return rm(folder, { recursive: true, force: true });
}

/** With the digest that belongs to what the file has become, where there still is a place for one. */
function sealedAgain(bytes: Uint8Array): Uint8Array {
  const start = '"convoy.sha256":"';
  const at = Buffer.from(bytes).indexOf(start) + start.length;
  if (at < start.length || at + 64 > bytes.length) return bytes;
  const sealed = Buffer.from(bytes);
  sealed.write(ownDigest(bytes, at), at, "latin1");
  return sealed;
}

/** IDX has no checksum of its own; those of the published data are what finds a changed pixel. */
async function readFolder(part: keyof typeof sound, bytes: Uint8Array): Promise<"loaded" | "detected"> {
  await writeFile(fileOf(part), bytes);
  const normalization = { mean: 0.5, deviation: 0.5 };
  const { train, unknown } = await loadIdxFolder(folder, { checksums, normalization, advice: "" });
  assert.equal(train.images.length, train.labels.length * train.shape[0] * train.shape[1]);
  if (unknown.length > 0) {
    assert.deepEqual(unknown, [fileOf(part)]);
    return "detected";
  }
  assert.ok(Buffer.from(train.images).equals(images.subarray(16)));
  assert.ok(Buffer.from(train.labels).equals(labels.subarray(8)));
  return "loaded";
}

export const fuzzedFiles: readonly FuzzedFile[] = [
  {
    what: "a checkpoint",
    bytes: checkpointBytes,
    read: (bytes) =>
      answer(CoreError, async () => {
        assert.deepEqual(decodeCheckpoint(bytes), checkpoint);
        return "loaded";
      }),
  },
  {
    what: "a checkpoint with a forged digest",
    bytes: checkpointBytes,
    // Who can forge may say anything; it must only be something that can be.
    read: (bytes) =>
      answer(CoreError, async () => {
        const { parameters, weights, optimizerState } = decodeCheckpoint(sealedAgain(bytes));
        const count = parameters.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
        for (const flat of [weights, ...optimizerState]) assert.equal(flat.length, count);
        return "loaded";
      }),
  },
  {
    what: "saved weights",
    bytes: checkpointBytes,
    read: (bytes) =>
      answer(CoreError, async () => {
        const read = decodeSafetensors(bytes);
        if (!read.verified) return "detected";
        assert.deepEqual(read.tensors, tensors);
        return "loaded";
      }),
  },
  {
    what: "an IDX file of images",
    bytes: images,
    read: (bytes) => answer(DatasetError, () => readFolder("train-images", bytes)),
  },
  {
    what: "an IDX file of labels",
    bytes: labels,
    read: (bytes) => answer(DatasetError, () => readFolder("train-labels", bytes)),
  },
  {
    what: "a gzip file",
    bytes: zipped,
    read: (bytes) =>
      answer(DatasetError, async () => {
        const { dimensions, data } = await decodeIdx(bytes, { rank: 3 });
        assert.deepEqual(dimensions, [20, 5, 5]);
        assert.ok(Buffer.from(data).equals(images.subarray(16)));
        return "loaded";
      }),
  },
  {
    what: "run.json",
    bytes: encodeRunFile(run),
    read: (bytes) =>
      answer(UsageError, async () => {
        assert.deepEqual(decodeRunFile(bytes, "run.json"), run);
        return "loaded";
      }),
  },
];
