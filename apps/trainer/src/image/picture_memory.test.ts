import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { deflateSync } from "node:zlib";
import test from "ava";
import sharp from "sharp";
import { chunk, header, png, pngSignature } from "../../test/png_file.ts";

const folder = await mkdtemp(path.join(tmpdir(), "convoy-picture-memory-"));
test.after.always(() => rm(folder, { recursive: true, force: true }));

const program = fileURLToPath(new URL("../../test/read_in_process.mjs", import.meta.url));
/** The decoder itself, and what it keeps for any picture. */
const base = 32;

interface Taken {
  readonly answer: string;
  readonly mebibytes: number;
  readonly seconds: number;
}

async function take(name: string, bytes: Uint8Array): Promise<Taken> {
  const file = path.join(folder, name);
  await writeFile(file, bytes);
  const { stdout } = await promisify(execFile)(process.execPath, [program, file]);
  await rm(file);
  const taken: Taken = JSON.parse(stdout);
  return taken;
}

const line = new Uint8Array(29 * 28);
const end = chunk("IEND", new Uint8Array(0));
/** A million of them, 12 bytes each. */
const many = (type: string): Buffer =>
  Buffer.concat([
    pngSignature,
    chunk("IHDR", header(28, 28, 8, 0)),
    Buffer.alloc(12_000_000, chunk(type, new Uint8Array(0))),
    chunk("IDAT", deflateSync(line)),
    end,
  ]);

/** A million segments of a JPEG or chunks of a WebP, which are behind the start of a sound one. */
async function segments(format: "jpeg" | "webp", after: number, part: string): Promise<Buffer> {
  const sound = await sharp(new Uint8Array(784), { raw: { width: 28, height: 28, channels: 1 } })
    .toFormat(format)
    .toBuffer();
  const parts = Buffer.alloc(part.length * 1_000_000, Buffer.from(part, "latin1"));
  return Buffer.concat([sound.subarray(0, after), parts, sound.subarray(after)]);
}

type Case = readonly [bytes: () => Uint8Array | Promise<Uint8Array>, answer: RegExp, mebibytes: number];

const cases: Readonly<Record<string, Case>> = {
  "a million empty chunks of pixels": [() => many("IDAT"), /^(28 × 28|PICTURE_CORRUPT)$/, 2 * 12],
  "a million empty chunks of text": [() => many("tEXt"), /^PICTURE_CORRUPT$/, 2 * 12],
  "a million empty segments of a JPEG": [() => segments("jpeg", 2, "\xff\xe1\x00\x02"), /^PICTURE_CORRUPT$/, 2 * 4],
  "a million empty chunks of a WebP": [() => segments("webp", 12, "ABCD\0\0\0\0"), /^PICTURE_CORRUPT$/, 2 * 8],
  // Of 1 bit a pixel it has 2 MiB.
  "16 million pixels of one bit": [
    () => png(header(4096, 4096, 1, 0), new Uint8Array(513 * 4096)),
    /^4096 × 4096$/,
    2 * 2,
  ],
  // Decoded it has 32 MiB, and only an interlaced one is ever whole in memory.
  "4 million interlaced pixels of 16 bits": [
    () => png(header(2048, 2048, 16, 6, 1), new Uint8Array(2048 * 2048 * 8 + 20_000)),
    /^(2048 × 2048|PICTURE_CORRUPT)$/,
    2 * 32,
  ],
  "pixels of 28 × 28 that inflate to 200 MB": [
    () => png(header(28, 28, 8, 0), new Uint8Array(200_000_000)),
    /^(28 × 28|PICTURE_CORRUPT)$/,
    1,
  ],
  "a header of 4 × 10^18 pixels": [() => png(header(2 ** 31 - 1, 2 ** 31 - 1, 8, 6), line), /^PICTURE_/, 1],
};

for (const [what, [bytes, answer, mebibytes]] of Object.entries(cases)) {
  const onLinux = process.platform === "linux" ? test.serial : test.serial.skip;
  onLinux(`takes no more than twice its size: ${what} (measured on Linux)`, async (t) => {
    const taken = await take("picture", await bytes());
    t.log(JSON.stringify(taken));
    t.regex(taken.answer, answer);
    t.true(taken.mebibytes < base + mebibytes, `${taken.mebibytes} MiB`);
    t.true(taken.seconds < 60);
  });
}
