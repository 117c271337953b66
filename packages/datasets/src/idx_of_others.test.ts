import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import test from "ava";
import { decodeIdx } from "./idx.ts";
import { loadIdxDataset } from "./idx_dataset.ts";
import { loadMnist } from "./mnist.ts";

const root = await mkdtemp(join(tmpdir(), "convoy-others-"));
test.after.always(() => rm(root, { recursive: true, force: true }));

function idx(type: number, dimensions: readonly number[], data: Uint8Array): Buffer {
  const header = Buffer.alloc(4 + 4 * dimensions.length);
  header.set([0, 0, type, dimensions.length]);
  for (const [i, size] of dimensions.entries()) header.writeUInt32BE(size, 4 + 4 * i);
  return Buffer.concat([header, data]);
}

function int32(...values: readonly number[]): Buffer {
  const data = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) data.writeInt32BE(value, 4 * i);
  return data;
}

interface Files {
  readonly images?: Uint8Array;
  readonly labels?: Uint8Array;
}

let folders = 0;
/** Four images of 2 × 3 for training, and the same for testing. */
async function folderOf({ images = idx(8, [4, 2, 3], Buffer.alloc(24)), labels = bytes(0, 1, 2, 3) }: Files) {
  const folder = join(root, String(folders++));
  await mkdir(folder);
  for (const part of ["train", "t10k"]) {
    await writeFile(join(folder, `${part}-images-idx3-ubyte`), images);
    await writeFile(join(folder, `${part}-labels-idx1-ubyte`), labels);
  }
  return folder;
}

function bytes(...labels: readonly number[]): Buffer {
  return idx(8, [labels.length], Buffer.from(labels));
}

const foreign: [string, Uint8Array, RegExp][] = [
  ["gzip in gzip", gzipSync(gzipSync(bytes(1))), /gzip data within gzip data\. Unpack it once/],
  ["a zip archive", Buffer.from("504b0304140000000800", "hex"), /a zip archive\. Unpack it/],
  ["an xz file", Buffer.from("fd377a585a000004", "hex"), /an xz file\. Unpack it with unxz/],
  ["a bzip2 file", Buffer.from("BZh91AY&SY"), /a bzip2 file/],
  ["a web page", Buffer.from("<!DOCTYPE html><html>"), /a web page\. Download the file itself/],
  ["a zipped web page", gzipSync(Buffer.from("<html><head>")), /a web page/],
  ["a server's refusal", Buffer.from('{"message":"Not Found"}'), /a JSON text/],
  ["a pointer", Buffer.from("version https://git-lfs.github.com/spec/v1\noid"), /"git lfs pull"/],
  ["a byte order mark", Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes(1)]), /saved as text/],
  ["a file that was read as text", Buffer.from("\ufffd\0\0"), /damaged by being read as text/],
  ["a NumPy array", Buffer.from("\u0093NUMPY\u0001\0", "latin1"), /a NumPy array\. Convert it/],
  ["a pickle in gzip", gzipSync(Buffer.from([0x80, 3, 0x63])), /a Python pickle/],
  ["a PNG", Buffer.from([0x89, 0x50, 0x4e, 0x47]), /a PNG picture/],
];
for (const [what, content, says] of foreign) {
  test(`says of ${what} what it is, and what to do`, async (t) => {
    await t.throwsAsync(decodeIdx(content), { code: "IDX_MAGIC", message: says });
  });
}

test("sizes in little-endian byte order are told from damage, though they could be meant", async (t) => {
  // 256 x 1 bytes; in the right order these would be 65,536 x 16,777,216, more than is read.
  const turned = idx(8, [2 ** 16, 2 ** 24], Buffer.alloc(256));
  await t.throwsAsync(decodeIdx(turned), { code: "IDX_BYTE_ORDER", message: /little-endian.*big-endian/ });
  await t.throwsAsync(decodeIdx(gzipSync(turned)), { code: "IDX_BYTE_ORDER" });
  // 65,536 bytes are possible, and 256 are there, which is the same number turned round; 255 are neither.
  await t.throwsAsync(decodeIdx(idx(8, [2 ** 16], Buffer.alloc(256))), { code: "IDX_BYTE_ORDER" });
  await t.throwsAsync(decodeIdx(idx(8, [2 ** 16], Buffer.alloc(255))), { code: "IDX_TRUNCATED" });
});

const labelForms: [string, Buffer][] = [
  ["signed bytes", idx(0x09, [4], Buffer.from([0, 1, 2, 3]))],
  ["16-bit integers", idx(0x0b, [4], Buffer.from([0, 0, 0, 1, 0, 2, 0, 3]))],
  ["32-bit integers", idx(0x0c, [4], int32(0, 1, 2, 3))],
  ["a column of 32-bit integers", idx(0x0c, [4, 1], int32(0, 1, 2, 3))],
  ["QMNIST's rows", idx(0x0c, [4, 8], int32(...[0, 1, 2, 3].flatMap((label) => [label, 1, 2500, 32, 30, 7, 0, 0])))],
];
for (const [what, labels] of labelForms) {
  test(`reads labels that are ${what}`, async (t) => {
    const { classes, train } = await loadIdxDataset(await folderOf({ labels }));
    t.is(classes, 4);
    t.deepEqual([...train.labels], [0, 1, 2, 3]);
    t.true(train.labels.buffer instanceof SharedArrayBuffer);
  });
}

const badLabels: [string, Buffer, string, RegExp][] = [
  ["a label of -1", idx(0x0c, [4], int32(0, -1, 2, 3)), "DATASET_LABEL", /gives image 1 the label -1; .* 0 to 255/],
  ["a label of 256", idx(0x0b, [4], Buffer.from([0, 0, 0, 1, 1, 0, 0, 3])), "DATASET_LABEL", /image 2 the label 256/],
  ["floats", idx(0x0d, [4], Buffer.alloc(16)), "IDX_TYPE", /holds 32-bit floats .* only integers are read as labels/],
  ["one-hot rows", idx(0x08, [4, 10], Buffer.alloc(40)), "IDX_RANK", /10 numbers for each image.* Write the class/],
];
for (const [what, labels, code, says] of badLabels) {
  test(`refuses ${what} with ${code}`, async (t) => {
    await t.throwsAsync(loadIdxDataset(await folderOf({ labels })), { code, message: says });
  });
}

test("labels from 1, as EMNIST's letters have them, are counted from 0 and keep their names", async (t) => {
  const { classes, classNames, train } = await loadIdxDataset(await folderOf({ labels: bytes(1, 26, 2, 1) }));
  t.is(classes, 26);
  t.deepEqual([classNames[0], classNames[25]], ["1", "26"]);
  t.deepEqual([...train.labels], [0, 25, 1, 0]);
});

test("two classes are two, and a class of another data set is refused with what to do", async (t) => {
  t.is((await loadIdxDataset(await folderOf({ labels: bytes(0, 1, 1, 0) }))).classes, 2);
  await t.throwsAsync(loadMnist({ dataDir: await folderOf({ labels: bytes(1, 10, 1, 1) }) }), {
    code: "DATASET_LABEL",
    message: /gives image 1 the label 10; labels go from 0 to 9 in this data set\. .*loadIdxDataset/,
  });
});

test("images may have channels, the last size of four", async (t) => {
  const pixels = Buffer.from(Array.from({ length: 72 }, (_, i) => i));
  const { train } = await loadIdxDataset(await folderOf({ images: idx(8, [4, 2, 3, 3], pixels) }));
  t.deepEqual(train.shape, [2, 3, 3]);
  t.deepEqual([...train.images], [...pixels]);
  const first = await folderOf({ images: idx(8, [4, 3, 2, 32], Buffer.alloc(768)) });
  await t.throwsAsync(loadIdxDataset(first), { code: "DATASET_SHAPE", message: /3 x 2 x 32; the last size counts/ });
  const rows = await folderOf({ images: idx(8, [4, 6], Buffer.alloc(24)) });
  await t.throwsAsync(loadIdxDataset(rows), { code: "IDX_RANK", message: /Write each image in rows/ });
});

test("a file of another name that could be meant is named", async (t) => {
  const folder = join(root, "emnist");
  await mkdir(folder);
  await writeFile(join(folder, "emnist-letters-train-images-idx3-ubyte.gz"), "");
  await t.throwsAsync(loadIdxDataset(folder), {
    code: "DATASET_NOT_FOUND",
    message: /Is emnist-letters-train-images-idx3-ubyte\.gz one of them under another name\?/,
  });
});
