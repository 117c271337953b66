import { DatasetError } from "./errors.ts";
import { foreignKind } from "./foreign_kind.ts";

/** Longest header that is accepted: the magic number and four dimensions. */
export const MAX_HEADER_BYTES = 20;

/** No data set of this family is near it, and it keeps every product of dimensions far below 2^53. */
export const MAX_DATA_BYTES: number = 2 ** 30;

interface ElementType {
  readonly name: string;
  readonly bytes: number;
  readonly isInteger: boolean;
}

const ELEMENT_TYPES: Readonly<Record<number, ElementType>> = {
  0x08: { name: "unsigned bytes", bytes: 1, isInteger: true },
  0x09: { name: "signed bytes", bytes: 1, isInteger: true },
  0x0b: { name: "16-bit integers", bytes: 2, isInteger: true },
  0x0c: { name: "32-bit integers", bytes: 4, isInteger: true },
  0x0d: { name: "32-bit floats", bytes: 4, isInteger: false },
  0x0e: { name: "64-bit floats", bytes: 8, isInteger: false },
};

/** What a file is to hold. */
export interface IdxExpectation {
  /** Labels are integers of any size, in one dimension or two; images are unsigned bytes in three, or four with channels. */
  readonly role?: "labels" | "images" | undefined;
  /** Number of dimensions. Default: the role's, or any from 1 to 4. */
  readonly rank?: number | undefined;
}

export interface IdxHeader {
  readonly type: number;
  readonly dimensions: readonly number[];
  readonly headerBytes: number;
  readonly elementBytes: number;
  /** Header and data together. */
  readonly totalBytes: number;
  /** The same if the sizes were in little-endian byte order. */
  readonly swappedBytes: number;
}

/**
 * Reads the header of an IDX file, and believes nothing in it that cannot be true.
 *
 * @param start The first bytes of the file; MAX_HEADER_BYTES of them are always enough.
 * @param file Name for the error messages.
 * @param expected What the file is to hold. Default: unsigned bytes in 1 to 4 dimensions.
 * @throws IDX_HEADER when it is cut off, IDX_MAGIC, IDX_TYPE, IDX_RANK, IDX_DIMENSIONS for a dimension of zero,
 *   IDX_TOO_LARGE when the dimensions multiply to more than 1 GiB, IDX_BYTE_ORDER when they would not in the other order.
 * Source: the format's description on the MNIST page: big-endian; two zero bytes, the element type, the number of
 *   dimensions, one 32-bit size per dimension.
 */
export function readIdxHeader(start: Uint8Array, file: string, expected: IdxExpectation = {}): IdxHeader {
  const foreign = foreignKind(start);
  if (foreign !== undefined) throw new DatasetError("IDX_MAGIC", `${file} is not an IDX file. ${foreign}`);
  if (start.length < 4) throw cutOff(file, start.length, 4);
  const [zero0, zero1, type, dimensionCount] = start;
  if (zero0 !== 0 || zero1 !== 0) {
    if (type === 0 && dimensionCount === 0 && zero1 in ELEMENT_TYPES) throw otherByteOrder(file);
    throw new DatasetError(
      "IDX_MAGIC",
      `${file} is not an IDX file: it starts with ${hex(start)}, expected 00 00 08. Check the path.`,
    );
  }
  const element = checkedType(type, file, expected);
  checkRank(dimensionCount, file, expected);
  const headerBytes = 4 + 4 * dimensionCount;
  if (start.length < headerBytes) throw cutOff(file, start.length, headerBytes);

  const view = new DataView(start.buffer, start.byteOffset, headerBytes);
  const dimensions = Array.from({ length: dimensionCount }, (_, i) => view.getUint32(4 + 4 * i));
  const swapped = Array.from({ length: dimensionCount }, (_, i) => view.getUint32(4 + 4 * i, true));
  const dataBytes = element.bytes * product(dimensions);
  const swappedBytes = element.bytes * product(swapped);
  const claim = `${dimensions.join(" x ")} ${element.name}`;
  if (dataBytes === 0) {
    throw new DatasetError(
      "IDX_DIMENSIONS",
      `${file} says it holds ${claim}; no dimension may be zero. Fetch the file again.`,
    );
  }
  if (dataBytes > MAX_DATA_BYTES) {
    if (swappedBytes <= MAX_DATA_BYTES) throw otherByteOrder(file);
    throw new DatasetError(
      "IDX_TOO_LARGE",
      `${file} says it holds ${claim}; at most ${grouped(MAX_DATA_BYTES)} bytes are read. Fetch the file again.`,
    );
  }
  const [totalBytes, swappedTotal] = [headerBytes + dataBytes, headerBytes + swappedBytes];
  return { type, dimensions, headerBytes, elementBytes: element.bytes, totalBytes, swappedBytes: swappedTotal };
}

function checkedType(type: number, file: string, { role }: IdxExpectation): ElementType {
  const element: ElementType | undefined = ELEMENT_TYPES[type];
  if (type === 0x08 || (role === "labels" && element?.isInteger)) return element;
  const what = element === undefined ? `names no element type of the format` : `holds ${element.name}`;
  const third = hex(Uint8Array.of(type));
  const read = role === "labels" ? "only integers are read as labels" : "only unsigned bytes (08) are read";
  throw new DatasetError("IDX_TYPE", `${file} ${what} (third byte ${third}); ${read}. Convert them.`);
}

function checkRank(rank: number, file: string, expected: IdxExpectation): void {
  const [ranks, text] = ranksOf(expected);
  if (ranks.includes(rank)) return;
  const cure =
    expected.role === "images" && rank === 2
      ? "Write each image in rows, not as one row."
      : "Are images and labels mixed up?";
  throw new DatasetError("IDX_RANK", `${file} has ${rank} dimensions, expected ${text}. ${cure}`);
}

function ranksOf({ role, rank }: IdxExpectation): readonly [ranks: readonly number[], text: string] {
  if (role === "labels") return [[1, 2], "1 (labels)"];
  if (role === "images") return [[3, 4], "3 (images), or 4 with channels"];
  if (rank === undefined) return [[1, 2, 3, 4], "1 to 4"];
  return [[rank], rank === 1 ? "1 (labels)" : rank === 3 ? "3 (images)" : String(rank)];
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((all, size) => all * size, 1);
}

function otherByteOrder(file: string): DatasetError {
  return new DatasetError(
    "IDX_BYTE_ORDER",
    `${file} has its sizes in little-endian byte order; IDX files are big-endian. Write it again with the bytes of its ` +
      `numbers turned round, in NumPy with dtype ">i4".`,
  );
}

/** @throws IDX_BYTE_ORDER, IDX_TRUNCATED, IDX_TRAILING when the file is not exactly as long as its header says. */
export function checkIdxLength(header: IdxHeader, length: number, file: string): void {
  if (length !== header.totalBytes && length === header.swappedBytes) throw otherByteOrder(file);
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
