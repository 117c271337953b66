import { inflateSync } from "node:zlib";
import { UsageError } from "../errors.ts";

/** What the header of a PNG says about its pixels. */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly channels: number;
  /** Pixels are numbers of colors in a palette. */
  readonly indexed: boolean;
  readonly interlaced: boolean;
}

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const needed = new Set(["IHDR", "PLTE", "tRNS", "IDAT", "IEND"]);
/** Samples a pixel of each color type, and the depths that it allows. Source: PNG, third edition, table 12. */
const colorTypes: Readonly<Record<number, { channels: number; depths: readonly number[] }>> = {
  0: { channels: 1, depths: [1, 2, 4, 8, 16] },
  2: { channels: 3, depths: [8, 16] },
  3: { channels: 1, depths: [1, 2, 4, 8] },
  4: { channels: 2, depths: [8, 16] },
  6: { channels: 4, depths: [8, 16] },
};
/** Far beyond any photograph that shows one digit; decoded with 8 bytes a pixel it is 128 MiB. */
export const mostPixels: number = 2 ** 24;

/**
 * Reads the header of a PNG, and cuts the file down to the chunks that hold its pixels.
 *
 * The other chunks may hold compressed data of any size, which a decoder would inflate; pixels that inflate to more or
 * less than the header's size are found out here, before anything is allocated for them.
 *
 * @param name of the file, for messages
 * @throws UsageError PNG_CORRUPT, PNG_TOO_LARGE, PNG_UNSUPPORTED
 */
export function essentialPng(file: Buffer, name: string): { readonly header: PngHeader; readonly bytes: Uint8Array } {
  if (!file.subarray(0, 8).equals(signature)) {
    throw corrupt(name, "does not begin as a PNG does");
  }
  let chunks = readChunks(file, name).filter(({ type }) => needed.has(type));
  if (chunks.length === 0 || chunks[0].type !== "IHDR" || chunks[0].data.length !== 13) {
    throw corrupt(name, "has no header (IHDR) at its start");
  }
  if (chunks.at(-1)!.type !== "IEND") throw corrupt(name, "ends before its end mark (IEND)");
  const header = readHeader(chunks[0].data, name);
  if (header.indexed && !chunks.some(({ type }) => type === "PLTE")) throw corrupt(name, "has no palette (PLTE)");
  // In other images a palette is only a proposal for displays with few colors.
  if (!header.indexed) chunks = chunks.filter(({ type }) => type !== "PLTE");
  const compressed = Buffer.concat(chunks.filter(({ type }) => type === "IDAT").map(({ data }) => data));
  const expected = pixelBytes(header);
  let inflated = -1;
  try {
    inflated = inflateSync(compressed, { maxOutputLength: expected }).length;
  } catch {
    // Said below, together with data that is too short.
  }
  if (inflated !== expected) throw corrupt(name, `does not hold the pixels of ${header.width} × ${header.height}`);
  return { header, bytes: Buffer.concat([signature, ...chunks.map(({ whole }) => whole)]) };
}

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
  /** Length, type, data and checksum, as in the file. */
  readonly whole: Buffer;
}

function readChunks(file: Buffer, name: string): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = signature.length; at < file.length && chunks.at(-1)?.type !== "IEND";) {
    const length = at + 12 <= file.length ? file.readUInt32BE(at) : Infinity;
    const end = at + 12 + length;
    if (end > file.length) throw corrupt(name, `ends in the middle, after ${file.length} bytes`);
    const type = file.toString("latin1", at + 4, at + 8);
    chunks.push({ type, data: file.subarray(at + 8, end - 4), whole: file.subarray(at, end) });
    at = end;
  }
  return chunks;
}

function readHeader(data: Buffer, name: string): PngHeader {
  const width = data.readUInt32BE(0);
  const height = data.readUInt32BE(4);
  const depth = data[8];
  const color = colorTypes[data[9]];
  const interlaced = data[12] === 1;
  if (width === 0 || height === 0 || !color?.depths.includes(depth) || data[10] > 0 || data[11] > 0 || data[12] > 1) {
    throw corrupt(name, "has an impossible header (IHDR)");
  }
  if (width * height > mostPixels) {
    throw new UsageError(
      "PNG_TOO_LARGE",
      `${name} is ${width} × ${height}; up to ${mostPixels} pixels are read. Make it smaller: the network sees far less.`,
    );
  }
  if (interlaced && depth < 8) {
    throw new UsageError(
      "PNG_UNSUPPORTED",
      `${name} is interlaced with ${depth} bits a sample, which is not read. Save it without interlacing.`,
    );
  }
  return { width, height, depth, channels: color.channels, indexed: data[9] === 3, interlaced };
}

/** Bytes of the filtered scanlines: one filter byte a line, in each of the seven passes of an interlaced image. */
function pixelBytes({ width, height, depth, channels, interlaced }: PngHeader): number {
  const scanlines = (columns: number, rows: number): number =>
    columns === 0 ? 0 : rows * (1 + Math.ceil((columns * channels * depth) / 8));
  if (!interlaced) return scanlines(width, height);
  let bytes = 0;
  for (const [x, y, stepX, stepY] of adam7) {
    const rows = Math.max(0, Math.ceil((height - y) / stepY));
    bytes += scanlines(Math.max(0, Math.ceil((width - x) / stepX)), rows);
  }
  return bytes;
}

/** First column, first row, column step, row step of each pass. Source: PNG, third edition, section 8.2. */
const adam7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

function corrupt(name: string, what: string): UsageError {
  return new UsageError("PNG_CORRUPT", `${name} ${what}. Give a whole PNG image.`);
}
