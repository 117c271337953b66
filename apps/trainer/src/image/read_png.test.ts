import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import test from "ava";
import { encode } from "fast-png";
import { readPng } from "./read_png.ts";

const folder = await mkdtemp(join(tmpdir(), "convoy-png-"));
test.after.always(() => rm(folder, { recursive: true, force: true }));
let count = 0;

async function read(bytes: Uint8Array) {
  const path = join(folder, `${count++}.png`);
  await writeFile(path, bytes);
  return readPng(path, "digit.png");
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}

/** A PNG written by hand, so that its header may lie. */
function png(
  { width, height, depth = 8, color = 0, interlace = 0 }: Record<"width" | "height", number> & Record<string, number>,
  scanlines: Uint8Array,
  others: readonly Buffer[] = [],
): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, color, 0, 0, interlace], 8);
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    ...others,
    chunk("IDAT", deflateSync(scanlines)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

const rounded = (light: Float32Array): number[] => Array.from(light, (value) => Math.round(value * 255));

test("reads grey of 8 and of 16 bits", async (t) => {
  const { image } = await read(encode({ width: 2, height: 1, data: Uint8Array.of(0, 200), channels: 1 }));
  t.deepEqual(rounded(image.light), [0, 200]);
  const wide = await read(
    encode({ width: 1, height: 2, data: Uint16Array.of(65535, 257 * 7), channels: 1, depth: 16 }),
  );
  t.deepEqual(rounded(wide.image.light), [255, 7]);
});

test("reads grey of 1 bit, where rows begin with a new byte", async (t) => {
  const scanlines = Uint8Array.of(0, 0b10100000, 0b01000000, 0, 0, 0b11000000);
  const { image } = await read(png({ width: 10, height: 2, depth: 1 }, scanlines));
  t.deepEqual(rounded(image.light), [255, 0, 255, 0, 0, 0, 0, 0, 0, 255, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255]);
});

test("reads color by its luma", async (t) => {
  const data = Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255);
  const { image } = await read(encode({ width: 3, height: 1, data, channels: 3 }));
  t.deepEqual(rounded(image.light), [76, 150, 29]);
});

test("reads a palette of 4 colors", async (t) => {
  const palette = chunk("PLTE", Buffer.from([0, 0, 0, 255, 255, 255, 100, 100, 100, 9, 9, 9]));
  const { image } = await read(
    png({ width: 3, height: 1, depth: 2, color: 3 }, Uint8Array.of(0, 0b01_10_11_00), [palette]),
  );
  t.deepEqual(rounded(image.light), [255, 100, 9]);
});

test("puts black behind a light transparent drawing, and white behind a dark one", async (t) => {
  const light = await read(encode({ width: 2, height: 1, data: Uint8Array.of(250, 255, 250, 0), channels: 2 }));
  t.deepEqual(rounded(light.image.light), [250, 0]);
  const dark = await read(encode({ width: 2, height: 1, data: Uint8Array.of(10, 255, 10, 0), channels: 2 }));
  t.deepEqual(rounded(dark.image.light), [10, 255]);
});

test("reads an interlaced image", async (t) => {
  const data = Uint8Array.from({ length: 81 }, (_, i) => i * 3);
  const { image } = await read(encode({ width: 9, height: 9, data, channels: 1 }, { interlace: "Adam7" }));
  t.deepEqual(rounded(image.light), [...data]);
});

test("leaves compressed text and color profiles alone, whatever they inflate to", async (t) => {
  const profile = chunk("iCCP", Buffer.concat([Buffer.from("x\0\0"), Buffer.from("not a zlib stream")]));
  const { image } = await read(png({ width: 1, height: 1 }, Uint8Array.of(0, 7), [profile]));
  t.deepEqual(rounded(image.light), [7]);
});

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const changed = Uint8Array.from(bytes);
  changed[at] ^= 1;
  return changed;
}

const whole = png({ width: 4, height: 4 }, new Uint8Array(20));
const faults: readonly [title: string, bytes: Uint8Array, code: string][] = [
  ["an empty file", new Uint8Array(0), "PNG_CORRUPT"],
  ["a file of another kind", Buffer.from("GIF89a, which is no PNG"), "PNG_CORRUPT"],
  ["a file that ends in its header", whole.subarray(0, 20), "PNG_CORRUPT"],
  ["a file that ends before its end mark", whole.subarray(0, -12), "PNG_CORRUPT"],
  ["a chunk that claims 4 GB", Buffer.concat([whole.subarray(0, 33), Buffer.alloc(8, 0xff)]), "PNG_CORRUPT"],
  ["a wrong checksum", flipped(whole, whole.length - 20), "PNG_CORRUPT"],
  ["no pixels", png({ width: 0, height: 4 }, new Uint8Array(0)), "PNG_CORRUPT"],
  ["a depth that grey cannot have", png({ width: 1, height: 1, depth: 3 }, new Uint8Array(2)), "PNG_CORRUPT"],
  ["an unknown color type", png({ width: 1, height: 1, color: 5 }, new Uint8Array(2)), "PNG_CORRUPT"],
  ["an unknown filter", png({ width: 1, height: 1 }, Uint8Array.of(9, 0)), "PNG_CORRUPT"],
  ["a palette image without a palette", png({ width: 1, height: 1, color: 3 }, Uint8Array.of(0, 0)), "PNG_CORRUPT"],
  ["too few pixels", png({ width: 4, height: 5 }, new Uint8Array(20)), "PNG_CORRUPT"],
  ["a megabyte of pixels behind a header of one", png({ width: 1, height: 1 }, new Uint8Array(2 ** 20)), "PNG_CORRUPT"],
  ["a header of 16 billion pixels", png({ width: 2 ** 17, height: 2 ** 17 }, new Uint8Array(2)), "PNG_TOO_LARGE"],
  ["interlaced bits", png({ width: 1, height: 1, depth: 1, interlace: 1 }, Uint8Array.of(0, 0)), "PNG_UNSUPPORTED"],
];
for (const [title, bytes, code] of faults) {
  test(`refuses ${title}`, async (t) => {
    const error = await t.throwsAsync(read(bytes), { code, name: "UsageError" });
    t.regex(error.message, /digit\.png/);
    t.notRegex(error.message, /\n/);
  });
}

test("refuses a file that is missing, and a folder", async (t) => {
  await t.throwsAsync(readPng(join(folder, "absent.png"), "absent.png"), { code: "PNG_NOT_FOUND" });
  await t.throwsAsync(readPng(folder, "folder"), { code: "PNG_UNREADABLE" });
});
