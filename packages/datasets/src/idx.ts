import { constants } from "node:fs";
import { open, stat } from "node:fs/promises";
import { DatasetError } from "./errors.ts";
import {
  checkIdxLength,
  grouped,
  MAX_DATA_BYTES,
  MAX_HEADER_BYTES,
  readIdxHeader,
  type IdxExpectation,
  type IdxHeader,
} from "./idx_header.ts";
import { inflateIdx } from "./inflate_idx.ts";
import { cureOf, isSystemError } from "./system_error.ts";

/** An array of unsigned bytes with its dimensions, outermost first. */
export interface IdxTensor {
  readonly dimensions: readonly number[];
  /** A view on `bytes`, not a copy. */
  readonly data: Uint8Array;
  /** The whole uncompressed file, header included: what published checksums are about. */
  readonly bytes: Uint8Array;
}

export interface IdxOptions {
  /** Name for the error messages. */
  readonly file?: string;
  /** Number of dimensions that is expected: 1 for labels, 3 for images. Default: any from 1 to 4. */
  readonly rank?: number;
}

/**
 * Reads an IDX file of unsigned bytes, plain or gzipped; its first bytes tell which, not its name.
 *
 * @param file Path.
 * @param options.rank Number of dimensions that is expected. Default: any from 1 to 4.
 * @throws IDX_NOT_FOUND, IDX_NOT_A_FILE, IDX_UNREADABLE, and what `decodeIdx` throws.
 */
export async function readIdx(file: string, options: Pick<IdxOptions, "rank"> = {}): Promise<IdxTensor> {
  return tensorOf(await openIdx(file, options));
}

/** An IDX file with all its bytes, inflated, before anything is said of its elements. */
export interface OpenedIdx {
  readonly header: IdxHeader;
  readonly bytes: Uint8Array;
}

/** @throws as `readIdx` does */
export async function openIdx(file: string, expected: IdxExpectation): Promise<OpenedIdx> {
  let bytes: Uint8Array;
  try {
    checkFile(await stat(file), file); // before opening: to open a device can already do something
    bytes = await readShared(file);
  } catch (error) {
    throw isSystemError(error) ? unreadable(error, file) : error;
  }
  return openBytes(bytes, file, expected);
}

/**
 * Decodes an IDX file of unsigned bytes that is already in memory, plain or gzipped.
 *
 * The result of a plain file is a view on `bytes`. Every size is checked against the bytes that are there before
 * anything is allocated.
 *
 * @param bytes The file.
 * @param options.file Name for the error messages. Default "the IDX data".
 * @param options.rank Number of dimensions that is expected. Default: any from 1 to 4.
 * @throws IDX_EMPTY, IDX_HEADER, IDX_MAGIC, IDX_TYPE, IDX_RANK, IDX_DIMENSIONS, IDX_TOO_LARGE, IDX_BYTE_ORDER,
 *   IDX_TRUNCATED, IDX_TRAILING; for gzip also IDX_GZIP, IDX_GZIP_TRUNCATED.
 * @example
 * const { dimensions, data } = await decodeIdx(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 9));
 * // dimensions: [3], data: 7, 8, 9
 */
export async function decodeIdx(bytes: Uint8Array, options: IdxOptions = {}): Promise<IdxTensor> {
  const { file = "the IDX data", rank } = options;
  return tensorOf(await openBytes(bytes, file, { rank }));
}

/** Its elements must be bytes. */
export function tensorOf({ header, bytes }: OpenedIdx): IdxTensor {
  return { dimensions: header.dimensions, data: bytes.subarray(header.headerBytes), bytes };
}

async function openBytes(bytes: Uint8Array, file: string, expected: IdxExpectation): Promise<OpenedIdx> {
  if (bytes.length === 0) throw new DatasetError("IDX_EMPTY", `${file} is empty. Fetch it again.`);
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return inflateIdx(bytes, file, expected);
  const header = readIdxHeader(bytes, file, expected);
  checkIdxLength(header, bytes.length, file);
  return { header, bytes };
}

function checkFile(stats: { readonly size: number; isFile(): boolean }, file: string): void {
  if (!stats.isFile())
    throw new DatasetError("IDX_NOT_A_FILE", `${file} is not a regular file. Give the path of an IDX file.`);
  if (stats.size <= MAX_DATA_BYTES + MAX_HEADER_BYTES) return;
  throw new DatasetError(
    "IDX_TOO_LARGE",
    `${file} has ${grouped(stats.size)} bytes; at most ${grouped(MAX_DATA_BYTES)} are read. Check the path.`,
  );
}

/** Reads a file into shared memory, where threads that train can use it as it lies. */
async function readShared(file: string): Promise<Uint8Array> {
  // To open a pipe that has just taken the file's place would wait for its writer. Windows has no such flag.
  const { O_NONBLOCK }: { readonly O_NONBLOCK?: number } = constants;
  const handle = await open(file, constants.O_RDONLY | (O_NONBLOCK ?? 0));
  try {
    const stats = await handle.stat();
    checkFile(stats, file);
    const { size } = stats;
    const bytes = new Uint8Array(new SharedArrayBuffer(size));
    let at = 0;
    while (at < size) {
      const { bytesRead } = await handle.read(bytes, at, size - at);
      // The file became shorter since it was asked for its size.
      if (bytesRead === 0) break;
      at += bytesRead;
    }
    return bytes.subarray(0, at);
  } finally {
    await handle.close();
  }
}

function unreadable(error: NodeJS.ErrnoException, file: string): DatasetError {
  return error.code === "ENOENT" || error.code === "ENOTDIR"
    ? new DatasetError("IDX_NOT_FOUND", `there is no file ${file}. Check the path.`, { cause: error })
    : new DatasetError("IDX_UNREADABLE", `${file} cannot be read (${error.message}). ${cureOf(error)}`, {
        cause: error,
      });
}
