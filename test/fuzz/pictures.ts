import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { deflateSync } from "node:zlib";
import process from "node:process";
import type { ExecutionContext } from "ava";
import fc from "fast-check";
import { UsageError } from "../../apps/trainer/src/errors.ts";
import { fitPicture } from "../../apps/trainer/src/image/fit_picture.ts";
import { readPicture } from "../../apps/trainer/src/image/read_picture.ts";
import { chunk, header, pngSignature } from "../../apps/trainer/test/png_file.ts";
import { soundPictures } from "../../apps/trainer/test/sound_pictures.ts";
import { damaged, damages } from "./damage.ts";

const folder = await mkdtemp(path.join(tmpdir(), "convoy-fuzz-picture-"));

/** To be called when all is done. */
export function removePictures(): Promise<void> {
  return rm(folder, { recursive: true, force: true });
}

const bytes = fc.uint8Array({ maxLength: 40 });
const side = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 40 }) },
  fc.constantFrom(0, 2 ** 15 + 1, 2 ** 31 - 1),
);

/** A PNG whose parts may each be wrong: size, depth, color, filters, order, number and length of the chunks. */
const pngFile: fc.Arbitrary<Uint8Array> = fc
  .record({
    width: side,
    height: side,
    depth: fc.constantFrom(1, 2, 4, 8, 16, 3),
    color: fc.constantFrom(0, 2, 3, 4, 6, 5),
    interlace: fc.constantFrom(0, 0, 1, 2),
    extra: fc.array(
      fc.tuple(fc.constantFrom("PLTE", "tRNS", "tEXt", "zTXt", "iCCP", "gAMA", "eXIf", "acTL", "IDAT", "abCd"), bytes),
      { maxLength: 6 },
    ),
    lines: fc.oneof(fc.constant(undefined), fc.uint8Array({ maxLength: 4000 })),
    hasEnd: fc.boolean(),
  })
  .map(({ width, height, depth, color, interlace, extra, lines, hasEnd }) => {
    const channels = [1, 1, 3, 1, 2, 1, 4][color];
    const size = Math.min(height * (1 + Math.ceil((width * depth * channels) / 8)), 1e6);
    return Buffer.concat([
      pngSignature,
      chunk("IHDR", header(width, height, depth, color, interlace)),
      ...extra.map(([type, data]) => chunk(type, data)),
      chunk("IDAT", deflateSync(lines ?? new Uint8Array(size))),
      ...(hasEnd ? [chunk("IEND", new Uint8Array(0))] : []),
    ]);
  });

/** A JPEG of segments with lengths of their own, right or wrong. */
const segment = fc
  .record({
    marker: fc.constantFrom(0xc0, 0xc2, 0xc4, 0xda, 0xdb, 0xdd, 0xe0, 0xe1, 0xe2, 0xed, 0xee, 0xfe, 0xd0, 0xd9),
    data: bytes,
    wrong: fc.option(fc.nat(0xffff), { freq: 5 }),
  })
  .map(({ marker, data, wrong }) => {
    const length = wrong ?? data.length + 2;
    return Buffer.concat([Uint8Array.of(0xff, marker, length >> 8, length & 255), data]);
  });
const jpegFile: fc.Arbitrary<Uint8Array> = fc
  .tuple(fc.array(segment, { maxLength: 12 }), side, side, bytes)
  .map(([segments, width, height, scan]) => {
    const frame = Buffer.from([0xff, 0xc0, 0, 11, 8, height >> 8, height, width >> 8, width, 1, 1, 0x11, 0]);
    return Buffer.concat([
      Buffer.from([0xff, 0xd8]),
      ...segments,
      frame,
      ...segments.slice(0, 3),
      scan,
      Buffer.from([0xff, 0xd9]),
    ]);
  });

/** Files of a grammar, and sound ones with damage. */
function pictures(sound: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  return fc.oneof(
    pngFile,
    jpegFile,
    fc.tuple(fc.constantFrom(...sound), damages).map(([file, all]) => damaged(file, all)),
  );
}

let count = 0;

/** Reads a picture, whatever it is: it becomes an image of a network's input, or an error with a code, in one line. */
async function tryPicture(file: Uint8Array): Promise<"loaded" | "refused"> {
  const place = path.join(folder, `${count++ % 4}`);
  await writeFile(place, file);
  try {
    const { width, height, scaled } = await readPicture(place, "picture", 64);
    assert.ok(width > 0 && height > 0 && scaled.width <= 64 && scaled.height <= 64);
    assert.equal(scaled.rgba.length, scaled.width * scaled.height * 4);
    const { input } = fitPicture(scaled, { fit: "ink", ground: "dark", size: 20, center: "mass" }, [28, 28, 1]);
    assert.equal(input.length, 784);
    return "loaded";
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    assert.match(error.message, /^PICTURE_[A-Z_]+: [^\p{C}]{1,400}$/u);
    return "refused";
  }
}

/** To repeat a failure: the seed that it printed. */
const givenSeed = process.env["CONVOY_FUZZ_SEED"];

/** Reads that many pictures of the grammar. */
export async function tryPictures(t: ExecutionContext, numRuns: number): Promise<void> {
  const seed = givenSeed === undefined ? Date.now() % 2 ** 31 : Number(givenSeed);
  const counts = { loaded: 0, refused: 0 };
  t.log(`CONVOY_FUZZ_SEED=${seed}`);
  const property = fc.asyncProperty(pictures(await soundPictures()), async (file) => {
    counts[await tryPicture(file)]++;
  });
  await fc.assert(property, { numRuns, seed, includeErrorInReport: true });
  t.log(JSON.stringify(counts));
  t.true(counts.loaded > numRuns / 50 && counts.refused > numRuns / 5);
}
