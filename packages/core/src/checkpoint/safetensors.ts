import { CoreError } from "../errors.ts";
import { digestKey, digestLength, ownDigest } from "./file_digest.ts";
import { quoted } from "./printable.ts";
import { type Header, type HeaderEntry, largestHeader, parseHeader } from "./safetensors_header.ts";
import { elements } from "./tensor_shape.ts";

export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Row-major. */
  readonly data: Float32Array;
}

export interface SafetensorsContent {
  readonly tensors: readonly NamedTensor[];
  /** Free text by key, without the digest. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Whether the file says its own SHA-256, which was right; files of other programs say none. */
  readonly verified: boolean;
}

/** A file that was found whole, before its tensors are made. */
export interface SafetensorsFile {
  /** In the order of their data, without a gap. */
  readonly entries: readonly HeaderEntry[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly verified: boolean;
  /** All tensors, one after the other. */
  readonly values: Float32Array;
}

/**
 * Reads a safetensors file of float32 tensors, in the order of their data. Nothing is allocated because the header says
 * so: tensors are views of `bytes`, or of one copy where `bytes` does not lie on whole floats.
 *
 * @param bytes the whole file
 * @param file how messages call it
 *
 * @throws `CHECKPOINT_TRUNCATED` when bytes are missing; `CHECKPOINT_HEADER` when the header is not what the format
 *   says; `CHECKPOINT_METADATA` when metadata is no text; `CHECKPOINT_DUPLICATE` when a name comes twice;
 *   `CHECKPOINT_NAME` for `__proto__` and its like; `CHECKPOINT_DTYPE` when a tensor is not float32; `CHECKPOINT_SHAPE`
 *   when shape and size disagree; `CHECKPOINT_OFFSETS` when tensors overlap, leave holes or end before the file does;
 *   `CHECKPOINT_DIGEST` when the file is not the one whose SHA-256 it says
 *
 * Source: https://github.com/huggingface/safetensors#format
 */
export function decodeSafetensors(bytes: Uint8Array, file = "the safetensors file"): SafetensorsContent {
  const { entries, metadata, verified, values } = openSafetensors(bytes, file);
  const tensors = entries.map(({ name, shape, begin, end }) => {
    return { name, shape, data: values.subarray(begin / 4, end / 4) };
  });
  return { tensors, metadata, verified };
}

/** @throws as `decodeSafetensors` does */
export function openSafetensors(bytes: Uint8Array, file: string): SafetensorsFile {
  if (bytes.length < 8) {
    throw new CoreError(
      "CHECKPOINT_TRUNCATED",
      `${file} has ${bytes.length} bytes; the header's length alone takes 8. Use a whole copy.`,
    );
  }
  const headerLength = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
  if (headerLength > largestHeader) {
    throw new CoreError(
      "CHECKPOINT_HEADER",
      `${file} announces a header of ${headerLength} bytes; ${largestHeader} are the most. It is no safetensors file.`,
    );
  }
  const dataStart = 8 + headerLength;
  if (dataStart > bytes.length) {
    throw new CoreError(
      "CHECKPOINT_TRUNCATED",
      `${file} ends after ${bytes.length} bytes, inside its header of ${headerLength}. Use a whole copy.`,
    );
  }
  const header = parseHeader(bytes.subarray(8, dataStart), file);
  checkLayout(header.entries, bytes.length - dataStart, file);
  const verified = checkDigest(bytes, header, file);
  const data = bytes.subarray(dataStart);
  const aligned = data.byteOffset % 4 === 0 ? data : new Uint8Array(data);
  const values = new Float32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
  return { entries: header.entries, metadata: header.metadata, verified, values };
}

/** @returns whether there is a digest */
function checkDigest(bytes: Uint8Array, { digest }: Header, file: string): boolean {
  if (digest === undefined) return false;
  const at = 8 + digest.at;
  const written = String.fromCharCode(...bytes.subarray(at, at + digestLength));
  // Written with escapes, the digits would not be the bytes that are left out of the sum.
  if (written === digest.digits && written === ownDigest(bytes, at)) return true;
  throw new CoreError(
    "CHECKPOINT_DIGEST",
    `${file} is damaged or was changed: its SHA-256 is not the one that it says in ${digestKey}. Use an unchanged copy.`,
  );
}

/** The tensors must tile the data, without overlap, hole or rest: so no bytes hide, and none are read twice. */
function checkLayout(entries: readonly HeaderEntry[], available: number, file: string): void {
  let expected = 0;
  for (const { name, shape, begin, end } of entries) {
    if (begin !== expected || end < begin) {
      throw new CoreError(
        "CHECKPOINT_OFFSETS",
        `${file} puts tensor ${quoted(name)} at bytes ${begin} to ${end} of the data; it must begin at ${expected}, where the ` +
          `one before it ends. Use an unchanged copy.`,
      );
    }
    const count = elements(shape);
    if (count === undefined || count * 4 !== end - begin) {
      const needed = count === undefined ? "more than any file has" : count * 4;
      throw new CoreError(
        "CHECKPOINT_SHAPE",
        `${file} gives tensor ${quoted(name)} ${end - begin} bytes; [${shape.join(", ")}] in float32 needs ${needed}. ` +
          `Use an unchanged copy.`,
      );
    }
    expected = end;
  }
  if (expected > available) {
    throw new CoreError(
      "CHECKPOINT_TRUNCATED",
      `${file} ends after ${available} of ${expected} bytes of tensor data. Use a whole copy.`,
    );
  }
  if (expected < available) {
    throw new CoreError(
      "CHECKPOINT_OFFSETS",
      `${file} has ${available - expected} bytes after its last tensor. Use an unchanged copy.`,
    );
  }
}
