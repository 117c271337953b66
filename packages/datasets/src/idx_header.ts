import { DatasetError } from "./errors.ts";

/** Longest header that is accepted: the magic number and four dimensions. */
export const MAX_HEADER_BYTES = 20;

/** No data set of this family is near it, and it keeps every product of dimensions far below 2^53. */
export const MAX_DATA_BYTES: number = 2 ** 30;

const ELEMENT_TYPES: Readonly<Record<number, string>> = {
  0x09: "signed bytes",
  0x0b: "16-bit integers",
  0x0c: "32-bit integers",
  0x0d: "32-bit floats",
  0x0e: "64-bit floats",
};

export interface IdxHeader {
  readonly dimensions: readonly number[];
  readonly headerBytes: number;
  /** Header and data together. */
  readonly totalBytes: number;
}

/**
 * Reads the header of an IDX file of unsigned bytes, and believes nothing in it that cannot be true.
 *
 * @param start The first bytes of the file; MAX_HEADER_BYTES of them are always enough.
 * @param file Name for the error messages.
 * @param rank Number of dimensions that is expected. Default: any from 1 to 4.
 * @throws IDX_HEADER when it is cut off, IDX_MAGIC, IDX_TYPE, IDX_RANK, IDX_DIMENSIONS for a dimension of zero,
 *   IDX_TOO_LARGE when the dimensions multiply to more than 1 GiB.
 * Source: the format's description on the MNIST page: big-endian; two zero bytes, the element type, the number of
 *   dimensions, one 32-bit size per dimension.
 */
export function readIdxHeader(start: Uint8Array, file: string, rank?: number): IdxHeader {
  if (start.length < 4) throw cutOff(file, start.length, 4);
  const [zero0, zero1, type, dimensionCount] = start;
  if (zero0 !== 0 || zero1 !== 0) {
    throw new DatasetError(
      "IDX_MAGIC",
      `${file} is not an IDX file: it starts with ${hex(start)}, expected 00 00 08. Check the path.`,
    );
  }
  if (type !== 0x08) {
    const held = ELEMENT_TYPES[type];
    const message = held === undefined ? `names no element type of the format` : `holds ${held}`;
    throw new DatasetError(
      "IDX_TYPE",
      `${file} ${message} (third byte ${hex(start.subarray(2, 3))}); only unsigned bytes (08) are read.`,
    );
  }
  if (dimensionCount < 1 || dimensionCount > 4 || (rank !== undefined && dimensionCount !== rank)) {
    const expected = rank === undefined ? "1 to 4" : rank === 1 ? "1 (labels)" : rank === 3 ? "3 (images)" : `${rank}`;
    throw new DatasetError(
      "IDX_RANK",
      `${file} has ${dimensionCount} dimensions, expected ${expected}. Are images and labels mixed up?`,
    );
  }
  const headerBytes = 4 + 4 * dimensionCount;
  if (start.length < headerBytes) throw cutOff(file, start.length, headerBytes);

  const view = new DataView(start.buffer, start.byteOffset, headerBytes);
  const dimensions = Array.from({ length: dimensionCount }, (_, i) => view.getUint32(4 + 4 * i));
  const product = dimensions.reduce((size, dimension) => size * dimension, 1);
  const claim = dimensions.join(" x ");
  if (product === 0) {
    throw new DatasetError(
      "IDX_DIMENSIONS",
      `${file} says it holds ${claim} bytes; no dimension may be zero. Fetch the file again.`,
    );
  }
  if (product > MAX_DATA_BYTES) {
    throw new DatasetError(
      "IDX_TOO_LARGE",
      `${file} says it holds ${claim} bytes; at most ${grouped(MAX_DATA_BYTES)} are read. Fetch the file again.`,
    );
  }
  return { dimensions, headerBytes, totalBytes: headerBytes + product };
}

/** @throws IDX_TRUNCATED, IDX_TRAILING when the file is not exactly as long as its header says. */
export function checkIdxLength(header: IdxHeader, length: number, file: string): void {
  if (length < header.totalBytes) {
    throw new DatasetError(
      "IDX_TRUNCATED",
      `${file} ends after ${grouped(length)} of ${grouped(header.totalBytes)} bytes. Fetch it again, or give a folder with a whole copy.`,
    );
  }
  if (length > header.totalBytes) {
    throw new DatasetError(
      "IDX_TRAILING",
      `${file} goes on after the ${grouped(header.totalBytes)} bytes that its header (${header.dimensions.join(" x ")}) allows. Fetch it again.`,
    );
  }
}

export function grouped(bytes: number): string {
  return bytes.toLocaleString("en-US");
}

function cutOff(file: string, length: number, needed: number): DatasetError {
  return new DatasetError(
    "IDX_HEADER",
    `${file} ends after ${length} bytes, inside its header of at least ${needed}. Fetch it again.`,
  );
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes.subarray(0, 3), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}
