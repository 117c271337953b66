import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import test from "ava";
import { DatasetError } from "./errors.ts";
import { decodeIdx, readIdx } from "./idx.ts";

const folder = await mkdtemp(join(tmpdir(), "convoy-idx-"));
test.after.always(() => rm(folder, { recursive: true, force: true }));

function bytes(...values: number[]): Uint8Array {
  return Uint8Array.from(values);
}

/** An IDX file of unsigned bytes, written out by hand. */
function idx(dimensions: readonly number[], data: Uint8Array): Uint8Array {
  const header = Buffer.alloc(4 + 4 * dimensions.length);
  header[2] = 0x08;
  header[3] = dimensions.length;
  dimensions.forEach((dimension, i) => header.writeUInt32BE(dimension, 4 + 4 * i));
  return Buffer.concat([header, data]);
}

function changed(source: Uint8Array, at: number, value: number): Uint8Array {
  const copy = Uint8Array.from(source);
  copy[at < 0 ? copy.length + at : at] = value;
  return copy;
}

async function write(name: string, content: Uint8Array): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, content);
  return file;
}

const pixels = Uint8Array.from({ length: 2 * 3 * 4 }, (_, i) => i * 7);
const images = idx([2, 3, 4], pixels);
const zipped = gzipSync(images);

test("reads a plain file", async (t) => {
  const { dimensions, data, bytes: whole } = await readIdx(await write("plain", images));
  t.deepEqual(dimensions, [2, 3, 4]);
  t.deepEqual([...data], [...pixels]);
  t.deepEqual([...whole], [...images]);
});

test("reads a gzipped file, whatever its name says", async (t) => {
  for (const name of ["zipped.gz", "zipped-without-suffix"]) {
    const { dimensions, data, bytes: whole } = await readIdx(await write(name, zipped));
    t.deepEqual(dimensions, [2, 3, 4]);
    t.deepEqual([...data], [...pixels]);
    t.deepEqual([...whole], [...images]);
  }
});

test("reads a gzipped file of several members and many chunks", async (t) => {
  const random = Uint8Array.from({ length: 900_000 }, (_, i) => (Math.imul(i, 0x9e3779b9) >>> 13) & 255);
  const big = Buffer.from(idx([900, 1000], random));
  const members = Buffer.concat([
    gzipSync(big.subarray(0, 5)),
    gzipSync(big.subarray(5, 700_000)),
    gzipSync(big.subarray(700_000)),
  ]);
  const { dimensions, data } = await decodeIdx(members);
  t.deepEqual(dimensions, [900, 1000]);
  t.true(Buffer.from(data).equals(random));
});

test("reads what a hundred thousand empty members are in front of", async (t) => {
  const empty = gzipSync(bytes());
  const { dimensions } = await decodeIdx(Buffer.concat([...Array<Uint8Array>(100_000).fill(empty), zipped]));
  t.deepEqual(dimensions, [2, 3, 4]);
});

test("reads a vector shorter than the longest header, plain and gzipped", async (t) => {
  const labels = idx([3], bytes(7, 8, 9));
  for (const content of [labels, gzipSync(labels)]) {
    const { dimensions, data } = await decodeIdx(content, { rank: 1 });
    t.deepEqual(dimensions, [3]);
    t.deepEqual([...data], [7, 8, 9]);
  }
});

test("runs the example of decodeIdx", async (t) => {
  const { dimensions, data } = await decodeIdx(bytes(0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 9));
  t.deepEqual(dimensions, [3]);
  t.deepEqual([...data], [7, 8, 9]);
});

test("does not copy the data of a plain file", async (t) => {
  const { data } = await decodeIdx(images);
  t.is(data.buffer, images.buffer);
});

/** The head of a gzip file that says that a name follows. */
const namedGzip = bytes(0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3);
const huge = idx([2 ** 31, 28, 28], bytes(1, 2, 3, 4)).subarray(0, 20);
const corrupted: readonly (readonly [what: string, content: Uint8Array, code: string])[] = [
  ["an empty file", bytes(), "IDX_EMPTY"],
  ["one byte", bytes(0), "IDX_HEADER"],
  ["a magic number that is cut off", images.subarray(0, 3), "IDX_HEADER"],
  ["no dimensions after the magic number", images.subarray(0, 4), "IDX_HEADER"],
  ["the last dimension cut off", images.subarray(0, 15), "IDX_HEADER"],
  ["a first byte that is not zero", changed(images, 0, 1), "IDX_MAGIC"],
  ["a second byte that is not zero", changed(images, 1, 0xff), "IDX_MAGIC"],
  ["a web page", Buffer.from("<!doctype html><title>404</title>"), "IDX_MAGIC"],
  ["floats", changed(images, 2, 0x0d), "IDX_TYPE"],
  ["a type that does not exist", changed(images, 2, 0x07), "IDX_TYPE"],
  ["no dimension at all", changed(images, 3, 0), "IDX_RANK"],
  ["two dimensions for three", changed(images, 3, 2), "IDX_RANK"],
  ["255 dimensions", changed(images, 3, 255), "IDX_RANK"],
  ["labels for images", idx([24], pixels), "IDX_RANK"],
  ["no images", idx([0, 28, 28], bytes()), "IDX_DIMENSIONS"],
  ["images without rows", idx([2, 0, 4], pixels), "IDX_DIMENSIONS"],
  ["2^31 images in 20 bytes", huge, "IDX_TOO_LARGE"],
  ["a product of dimensions that overflows 64 bits to zero", idx([2 ** 31, 2 ** 31, 4], bytes()), "IDX_TOO_LARGE"],
  ["a little-endian header", idx([0x02000000, 0x03000000, 0x04000000], pixels), "IDX_BYTE_ORDER"],
  ["a whole header in little-endian", Buffer.concat([bytes(3, 8, 0, 0), images.subarray(4)]), "IDX_BYTE_ORDER"],
  ["no data after the header", images.subarray(0, 16), "IDX_TRUNCATED"],
  ["one byte missing", images.subarray(0, -1), "IDX_TRUNCATED"],
  ["a gigabyte that is not there", idx([2 ** 20, 32, 32], bytes(1, 2, 3)), "IDX_TRUNCATED"],
  ["one byte too many", Buffer.concat([images, bytes(0)]), "IDX_TRAILING"],
  ["the file twice", Buffer.concat([images, images]), "IDX_TRAILING"],
  ["gzip of nothing", gzipSync(bytes()), "IDX_HEADER"],
  ["gzip of a short header", gzipSync(images.subarray(0, 9)), "IDX_HEADER"],
  ["gzip of a web page", gzipSync(Buffer.from("<!doctype html><title>404</title>")), "IDX_MAGIC"],
  ["gzip inside gzip", gzipSync(zipped), "IDX_MAGIC"],
  ["gzip of a file with a byte missing", gzipSync(images.subarray(0, -1)), "IDX_TRUNCATED"],
  ["gzip of a file with a byte too many", gzipSync(Buffer.concat([images, bytes(0)])), "IDX_TRAILING"],
  ["gzip of a header that claims 2^31 images", gzipSync(huge), "IDX_TOO_LARGE"],
  ["gzip of a gigabyte that is not there", gzipSync(idx([2 ** 20, 32, 32], bytes(1, 2, 3))), "IDX_TRUNCATED"],
  ["a gzip bomb behind a modest header", gzipSync(idx([2, 3, 4], Buffer.alloc(50_000_000))), "IDX_TRAILING"],
  ["only gzip's magic number", zipped.subarray(0, 2), "IDX_GZIP_TRUNCATED"],
  ["gzip without its second half", zipped.subarray(0, zipped.length >> 1), "IDX_GZIP_TRUNCATED"],
  ["gzip without the end of its checksum", zipped.subarray(0, -1), "IDX_GZIP_TRUNCATED"],
  ["gzip with a name that never ends", Buffer.concat([namedGzip, Buffer.alloc(1_000_000, 0x41)]), "IDX_GZIP_TRUNCATED"],
  ["gzip with an unknown method", changed(zipped, 2, 7), "IDX_GZIP"],
  ["gzip with a wrong CRC", changed(zipped, -8, zipped[zipped.length - 8] ^ 1), "IDX_GZIP"],
  ["gzip with a wrong length", changed(zipped, -1, zipped[zipped.length - 1] ^ 1), "IDX_GZIP"],
  ["gzip with text behind its end", Buffer.concat([zipped, Buffer.from("trailing text")]), "IDX_GZIP"],
  ["gzip with zeros behind its end", Buffer.concat([zipped, Buffer.alloc(512)]), "IDX_TRAILING"],
];

for (const [what, content, code] of corrupted) {
  test(`refuses ${what} with ${code}`, async (t) => {
    const file = await write(what.replaceAll(/\W/g, "-"), content);
    const error = await t.throwsAsync(readIdx(file, { rank: 3 }), { instanceOf: DatasetError, code });
    t.true(error.message.startsWith(`${code}: ${file} `), error.message);
  });
}

test("refuses what is not a file with IDX_NOT_A_FILE", async (t) => {
  await mkdir(join(folder, "a-folder"));
  await t.throwsAsync(readIdx(join(folder, "a-folder")), { instanceOf: DatasetError, code: "IDX_NOT_A_FILE" });
});

test("refuses a missing file, also one inside a file, with IDX_NOT_FOUND", async (t) => {
  const file = await write("not-a-folder", images);
  for (const missing of [join(folder, "missing"), join(file, "missing")]) {
    await t.throwsAsync(readIdx(missing), { instanceOf: DatasetError, code: "IDX_NOT_FOUND" });
  }
});

test("refuses a file that the system does not let it read with IDX_UNREADABLE", async (t) => {
  const loop = join(folder, "loop"); // a link to itself fails for every user, root included
  await symlink(loop, loop);
  const error = await t.throwsAsync(readIdx(loop), { instanceOf: DatasetError, code: "IDX_UNREADABLE" });
  t.regex(error.message, /ELOOP/);
});

test("says how much of a truncated file is there", async (t) => {
  const error = await t.throwsAsync(decodeIdx(images.subarray(0, 30), { file: "train-images" }));
  t.is(
    error.message,
    "IDX_TRUNCATED: train-images ends after 30 of 40 bytes. Fetch it again, or give a folder with a whole copy.",
  );
});

test.serial("allocates nothing because a header says so", async (t) => {
  const liars = [huge, idx([2 ** 20, 32, 32], bytes(1)), gzipSync(idx([2 ** 20, 32, 32], bytes(1)))];
  for (const liar of liars) {
    const before = process.memoryUsage().arrayBuffers;
    await t.throwsAsync(decodeIdx(liar), { instanceOf: DatasetError });
    t.true(process.memoryUsage().arrayBuffers - before < 2_000_000);
  }
});

test.serial("stops a gzip bomb at the size that its header allows", async (t) => {
  const bomb = gzipSync(idx([1000], Buffer.alloc(50_000_000)));
  const before = process.memoryUsage().arrayBuffers;
  await t.throwsAsync(decodeIdx(bomb), { instanceOf: DatasetError, code: "IDX_TRAILING" });
  t.true(process.memoryUsage().arrayBuffers - before < 2_000_000);
});

test("either reads or refuses with a code, whatever bytes are changed", async (t) => {
  let state = 1;
  const draw = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  let refused = 0;
  for (let round = 0; round < 600; round++) {
    const source = round % 2 === 0 ? images : zipped;
    const mutant = Uint8Array.from(source.subarray(0, draw(4) === 0 ? draw(source.length) : source.length));
    for (let n = draw(4); n >= 0 && mutant.length > 0; n--) mutant[draw(mutant.length)] = draw(256);
    try {
      const { dimensions, data } = await decodeIdx(mutant);
      t.is(
        data.length,
        dimensions.reduce((product, dimension) => product * dimension, 1),
      );
    } catch (error) {
      t.true(error instanceof DatasetError, String(error));
      refused++;
    }
  }
  t.true(refused > 300, `${refused} of 600 were refused`);
});
