import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "ava";
import sharp from "sharp";
import { header, png, zeros } from "../../test/png_file.ts";
import { readPicture } from "./read_picture.ts";

const folder = await mkdtemp(path.join(tmpdir(), "convoy-picture-"));
test.after.always(() => rm(folder, { recursive: true, force: true }));
let count = 0;

async function read(bytes: Uint8Array, longest = 512) {
  const file = path.join(folder, `${count++}`);
  await writeFile(file, bytes);
  return readPicture(file, "digit.png", longest);
}

/** Two pixels, red and blue, and a third that is half green. */
const pixels = Uint8Array.of(255, 0, 0, 255, 0, 0, 255, 255, 0, 255, 0, 128);
const colors = sharp(pixels, { raw: { width: 3, height: 1, channels: 4 } });

test("reads PNG and WebP to the pixel, with what shines through", async (t) => {
  for (const [format, bytes] of [
    ["PNG", await colors.png().toBuffer()],
    ["PNG", await colors.png({ palette: true }).toBuffer()],
    ["WebP", await colors.webp({ lossless: true, exact: true }).toBuffer()],
  ] as const) {
    const { scaled, ...rest } = await read(bytes);
    t.deepEqual(rest, { width: 3, height: 1, format });
    t.deepEqual([...scaled.rgba], [...pixels]);
  }
});

test("reads JPEG, AVIF and the first picture of a GIF", async (t) => {
  const grey = { create: { width: 40, height: 20, channels: 3, background: { r: 90, g: 90, b: 90 } } } as const;
  for (const format of ["jpeg", "avif", "gif"] as const) {
    const { width, height, scaled } = await read(await sharp(grey).toFormat(format).toBuffer());
    t.deepEqual([width, height], [40, 20], format);
    t.true(Math.abs(scaled.rgba[400] - 90) <= 3 && scaled.rgba[403] === 255, format);
  }
});

test("turns a photograph as its camera says", async (t) => {
  const tall = await sharp({ create: { width: 30, height: 10, channels: 3, background: "white" } })
    .jpeg()
    .withMetadata({ orientation: 6 })
    .toBuffer();
  const { width, height, scaled } = await read(tall);
  t.deepEqual([width, height, scaled.width, scaled.height], [10, 30, 10, 30]);
});

test("reads 16 bits, 1 bit, CMYK and a color that counts as transparent", async (t) => {
  const deep = await read(png(header(2, 1, 16, 0), Uint8Array.of(0, 0x80, 0, 0xff, 0xff)));
  t.deepEqual([deep.scaled.rgba[0], deep.scaled.rgba[4]], [128, 255]);
  const bits = await read(png(header(9, 1, 1, 0), Uint8Array.of(0, 0b01000000, 0b10000000)));
  t.deepEqual(
    [0, 1, 2, 8].map((i) => bits.scaled.rgba[4 * i]),
    [0, 255, 0, 255],
  );
  const key = await read(png(header(2, 1, 8, 0), Uint8Array.of(0, 7, 200), ["tRNS", Uint8Array.of(0, 7)]));
  t.deepEqual([key.scaled.rgba[3], key.scaled.rgba[7]], [0, 255]);
  const cmyk = await sharp({ create: { width: 8, height: 8, channels: 3, background: "white" } })
    .toColourspace("cmyk")
    .jpeg()
    .toBuffer();
  t.true((await read(cmyk)).scaled.rgba[0] > 240);
});

test("makes a large picture smaller, and leaves a small one", async (t) => {
  const wide = await sharp({ create: { width: 400, height: 100, channels: 3, background: "red" } })
    .png()
    .toBuffer();
  const { width, scaled } = await read(wide, 64);
  t.deepEqual([width, scaled.width, scaled.height], [400, 64, 16]);
});

test("leaves compressed text and color profiles alone, whatever they inflate to", async (t) => {
  for (const type of ["zTXt", "iCCP"]) {
    const bomb = Buffer.concat([Buffer.from("k\0\0"), zeros(50_000_000)]);
    const { width } = await read(png(header(1, 1, 8, 0), Uint8Array.of(0, 9), [type, bomb]));
    t.is(width, 1);
  }
});

const small = png(header(28, 28, 8, 0), new Uint8Array(29 * 28));
const refused: readonly (readonly [what: string, bytes: Uint8Array, code: string])[] = [
  ["an empty file", new Uint8Array(0), "PICTURE_FORMAT"],
  ["a text", Buffer.from("not an image"), "PICTURE_FORMAT"],
  [
    "a drawing as SVG, which may name files",
    Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
    "PICTURE_FORMAT",
  ],
  ["a PDF", Buffer.from("%PDF-1.7\n"), "PICTURE_FORMAT"],
  ["what only begins as a JPEG", Buffer.from("\xff\xd8\xff<svg/>\u001b[2J\nmore", "latin1"), "PICTURE_CORRUPT"],
  ["half a PNG", small.subarray(0, small.length / 2), "PICTURE_CORRUPT"],
  ["a PNG with a changed byte", small.with(45, small[45] ^ 1), "PICTURE_CORRUPT"],
  ["a PNG without pixels", png(header(28, 28, 8, 0), new Uint8Array(0)), "PICTURE_CORRUPT"],
  ["a PNG of no width", png(header(0, 28, 8, 0), new Uint8Array(28)), "PICTURE_CORRUPT"],
  ["more pixels than are decoded", png(header(2 ** 14, 2 ** 13, 8, 6), new Uint8Array(9)), "PICTURE_TOO_LARGE"],
  ["a line that is too long", png(header(2 ** 26, 1, 8, 6), new Uint8Array(9)), "PICTURE_TOO_LARGE"],
  ["too many lines", png(header(1, 2 ** 26, 8, 6), new Uint8Array(9)), "PICTURE_TOO_LARGE"],
];
for (const [what, bytes, code] of refused) {
  test(`refuses ${what}, in one line`, async (t) => {
    const error = await t.throwsAsync(read(bytes), { code });
    t.regex(error.message, /^[A-Z_]+: digit\.png [^\p{C}]{1,300}\.$/u);
  });
}

test("refuses half a JPEG", async (t) => {
  const noise = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (Math.imul(i, 0x9e3779b9) >>> 13) & 255);
  const whole = await sharp(noise, { raw: { width: 64, height: 64, channels: 3 } })
    .jpeg()
    .toBuffer();
  await t.throwsAsync(read(whole.subarray(0, whole.length / 2)), { code: "PICTURE_CORRUPT" });
});

test("refuses a file that is missing, a folder, and one that is too large before it reads it", async (t) => {
  await t.throwsAsync(readPicture(path.join(folder, "absent"), "absent", 9), { code: "PICTURE_NOT_FOUND" });
  await t.throwsAsync(readPicture(folder, "folder", 9), { code: "PICTURE_UNREADABLE", message: /a folder/ });
  await t.throwsAsync(read(Buffer.concat([small, Buffer.alloc(2 ** 26)])), { code: "PICTURE_TOO_LARGE" });
});
