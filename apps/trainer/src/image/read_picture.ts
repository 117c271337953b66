import { stat } from "node:fs/promises";
import { readRegularFile } from "@convoy/core/training";
import type { Sharp } from "sharp";
import { UsageError } from "../errors.ts";
import { countParts } from "./count_parts.ts";
import { pictureFormat } from "./picture_format.ts";

/** A picture as it is meant to be looked at: turned as its camera says, in sRGB. */
export interface ReadPicture {
  /** As in the file. */
  readonly width: number;
  readonly height: number;
  readonly format: string;
  /** The same made smaller, where it is larger than anybody needs. */
  readonly scaled: RgbaPicture;
}

export interface RgbaPicture {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue and opacity of each pixel, row by row. */
  readonly rgba: Uint8Array;
}

/** A photograph of 50 megapixels takes 30 MB; what is compressed less can be compressed more. */
const mostBytes = 2 ** 26;
/** 67 megapixels, decoded 256 MiB, or twice that with 16 bits. */
const mostPixels: number = 2 ** 26;
/** A decoder has some lines in memory, however long they are, and works on each, however short it is. */
const mostSide: number = 2 ** 15;
/** More than any camera or program writes, beside the pixels. */
const mostParts = 4096;
const mostSeconds = 60;

/**
 * Reads the first picture of a JPEG, PNG, WebP, AVIF or GIF file.
 *
 * @param path of the file
 * @param name how the user wrote it, for messages
 * @param longest pixels that its longer side needs
 * @throws UsageError PICTURE_NOT_FOUND, PICTURE_UNREADABLE, PICTURE_FORMAT, PICTURE_TOO_LARGE, PICTURE_CORRUPT,
 *   PICTURE_DECODER
 */
export async function readPicture(path: string, name: string, longest: number): Promise<ReadPicture> {
  const bytes = await readBounded(path, name);
  const format = pictureFormat(bytes);
  if (format === undefined) {
    throw new UsageError("PICTURE_FORMAT", `${name} is no picture that is read: JPEG, PNG, WebP, AVIF and GIF are.`);
  }
  if (countParts(bytes, format, mostParts) > mostParts) {
    throw new UsageError(
      "PICTURE_CORRUPT",
      `${name} is cut into more than ${mostParts} parts, the most that are read. Save it again as a picture.`,
    );
  }
  const open = await decoder();
  try {
    const { width, height } = (await open(bytes).metadata()).autoOrient;
    if (Math.max(width, height) > mostSide) throw tooLarge(name, `${mostSide} pixels on a side`);
    const { data, info } = await open(bytes)
      .resize(longest, longest, { fit: "inside", withoutEnlargement: true })
      .toColourspace("srgb")
      .ensureAlpha()
      .raw({ depth: "uchar" })
      .timeout({ seconds: mostSeconds })
      .toBuffer({ resolveWithObject: true });
    return { width, height, format, scaled: { width: info.width, height: info.height, rgba: data } };
  } catch (cause) {
    throw refusal(name, cause);
  }
}

async function readBounded(path: string, name: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size <= mostBytes) return await readRegularFile(path, { follow: true, most: mostBytes });
    throw new UsageError(
      "PICTURE_TOO_LARGE",
      `${name} has ${size} bytes; up to ${mostBytes} are read. Make it smaller.`,
    );
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    const missing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
    throw new UsageError(
      missing ? "PICTURE_NOT_FOUND" : "PICTURE_UNREADABLE",
      missing ? `there is no file ${name}.` : `${name} cannot be read: ${reason(cause)}. Give the path of a picture.`,
      { cause },
    );
  }
}

type Open = (bytes: Uint8Array) => Sharp;
let loading: Promise<Open> | undefined;

/** Loaded when the first picture is read, and once: it is a library of its own, which nothing else needs. */
function decoder(): Promise<Open> {
  loading ??= loadDecoder();
  return loading;
}

async function loadDecoder(): Promise<Open> {
  try {
    const { default: sharp } = await import("sharp");
    // One picture is read, and its own memory is enough.
    sharp.cache(false);
    sharp.concurrency(1);
    // No other format is tried, whatever a file begins with: some of them read further files.
    sharp.block({ operation: ["VipsForeignLoad"] });
    sharp.unblock({
      operation: ["Jpeg", "Png", "Webp", "Heif", "Nsgif"].map((kind) => `VipsForeignLoad${kind}Buffer`),
    });
    return (bytes) => sharp(bytes, { limitInputPixels: mostPixels, failOn: "error", autoOrient: true });
  } catch (cause) {
    throw new UsageError(
      "PICTURE_DECODER",
      `pictures cannot be read on this machine: ${reason(cause)}. Install the npm packages again, for this machine.`,
      { cause },
    );
  }
}

function refusal(name: string, cause: unknown): UsageError {
  if (cause instanceof UsageError) return cause;
  const why = reason(cause);
  if (/pixel limit/i.test(why)) return tooLarge(name, `${mostPixels} pixels`);
  return new UsageError("PICTURE_CORRUPT", `${name} cannot be decoded: ${why}. Give a whole picture.`, { cause });
}

function tooLarge(name: string, most: string): UsageError {
  return new UsageError(
    "PICTURE_TOO_LARGE",
    `${name} has more than ${most}, the most that are decoded. Make it smaller.`,
  );
}

/** The decoder says a line for each thing that it meets, and quotes the file: its first line, cut short, says enough. */
function reason(cause: unknown): string {
  const [line] = (cause instanceof Error ? cause.message : String(cause)).trim().split("\n");
  return line
    .replaceAll(/\p{C}/gu, " ")
    .slice(0, 200)
    .replace(/[.:\s]*$/, "");
}
