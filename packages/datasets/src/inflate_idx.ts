import { createGunzip } from "node:zlib";
import { DatasetError } from "./errors.ts";
import {
  checkIdxLength,
  grouped,
  MAX_HEADER_BYTES,
  readIdxHeader,
  type IdxExpectation,
  type IdxHeader,
} from "./idx_header.ts";
import { isSystemError } from "./system_error.ts";

const CHUNK_BYTES = 262_144;

/**
 * Inflates a gzipped IDX file up to the size that its own header allows, and not a chunk further.
 *
 * The whole buffer is allocated only when half of its bytes have really arrived, so neither a header nor a gzip bomb can
 * make it take more than twice what the file holds.
 *
 * @throws IDX_GZIP when it is damaged, IDX_GZIP_TRUNCATED when it is cut off, and what `readIdxHeader` and
 *   `checkIdxLength` throw.
 */
export async function inflateIdx(
  compressed: Uint8Array,
  file: string,
  expected: IdxExpectation,
): Promise<{ header: IdxHeader; bytes: Uint8Array }> {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  gunzip.end(compressed);
  let header: IdxHeader | undefined;
  let whole: Uint8Array | undefined;
  let parts: Uint8Array[] = [];
  let received = 0;
  try {
    for await (const chunk of gunzip as AsyncIterable<Uint8Array>) {
      if (header !== undefined && received + chunk.length > header.totalBytes)
        checkIdxLength(header, received + chunk.length, file);
      if (whole === undefined) parts.push(chunk);
      else whole.set(chunk, received);
      received += chunk.length;
      if (header === undefined && received >= MAX_HEADER_BYTES) {
        header = readIdxHeader(Buffer.concat(parts), file, expected);
        if (received > header.totalBytes) checkIdxLength(header, received, file);
      }
      if (header !== undefined && whole === undefined && 2 * received >= header.totalBytes) {
        whole = join(parts, header.totalBytes);
        parts = [];
      }
    }
  } catch (error) {
    throw isSystemError(error) ? damaged(error, file) : error;
  }
  // zlib stops silently at zero bytes behind the end, so what it has consumed must be counted.
  if (gunzip.bytesWritten !== compressed.length) {
    const rest = grouped(compressed.length - gunzip.bytesWritten);
    throw new DatasetError("IDX_TRAILING", `${file} has ${rest} bytes after the end of its gzip data. Fetch it again.`);
  }
  header ??= readIdxHeader(Buffer.concat(parts), file, expected);
  checkIdxLength(header, received, file);
  return { header, bytes: whole ?? join(parts, received) };
}

/** In shared memory: threads that train can then read it where it is. */
function join(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(new SharedArrayBuffer(length));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function damaged(error: NodeJS.ErrnoException, file: string): DatasetError {
  return error.code === "Z_BUF_ERROR"
    ? new DatasetError("IDX_GZIP_TRUNCATED", `${file} ends in the middle of its gzip data. Fetch it again.`, {
        cause: error,
      })
    : new DatasetError("IDX_GZIP", `${file} is damaged: its gzip data has an ${error.message}. Fetch it again.`, {
        cause: error,
      });
}
