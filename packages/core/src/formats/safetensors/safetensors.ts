import { CoreError } from "../../errors.ts";
import { digestKey, digestLength, ownDigest } from "../files/file_digest.ts";
import { foreignFile } from "./foreign_file.ts";
import { quoted } from "../../network/printable.ts";
import { type Header, type HeaderEntry, largestHeader, parseHeader } from "./safetensors_header.ts";
import { elements } from "./tensor_shape.ts";
import { bytesOf, isReadType, toFloat32 } from "./tensor_types.ts";

/** What every header begins with, behind its length. */
const brace = 0x7b;

export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Row-major. */
  readonly data: Float32Array;
}

/** A tensor of a type that is no weight's: counters, masks, indices, quantized values. */
export interface OtherTensor extends Pick<NamedTensor, "name" | "shape"> {
  /** As the file says it, such as "I64". */
  readonly dtype: string;
}

export interface SafetensorsContent {
  /** Those of float32, and of other floats, as float32. */
  readonly tensors: readonly NamedTensor[];
  /** The others, without their values. */
  readonly others: readonly OtherTensor[];
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
  readonly data: Uint8Array;
}

/**
 * Reads a safetensors file, in the order of its data. F32, F16, BF16 and F64 become float32: F64 is rounded to the nearest,
 * and to Infinity what float32 cannot hold. Nothing is allocated because the header says so: tensors of float32 are views of
 * `bytes`, or copies where `bytes` does not lie on whole floats.
 *
 * @param bytes the whole file
 * @param file how messages call it
 *
 * @throws `CHECKPOINT_TRUNCATED` when bytes are missing; `CHECKPOINT_HEADER` when the header is not what the format
 *   says, or takes too much memory; `CHECKPOINT_METADATA` when metadata is no text; `CHECKPOINT_DUPLICATE` when a name comes
 *   twice; `CHECKPOINT_NAME` for a name that JavaScript gives a meaning; `CHECKPOINT_DTYPE` when a type is no text;
 *   `CHECKPOINT_SHAPE` and `CHECKPOINT_OFFSETS` when shapes, offsets and file do not agree; `CHECKPOINT_DIGEST` when the file
 *   says another SHA-256 than it has
 *
 * Source: https://github.com/huggingface/safetensors#format
 */
export function decodeSafetensors(bytes: Uint8Array, file = "the safetensors file"): SafetensorsContent {
  const { entries, metadata, verified, data } = openSafetensors(bytes, file);
  const tensors = entries
    .filter(({ dtype }) => isReadType(dtype))
    .map((entry) => ({ name: entry.name, shape: entry.shape, data: valuesOf(data, entry) }));
  const others = entries
    .filter(({ dtype }) => !isReadType(dtype))
    .map(({ name, dtype, shape }) => ({ name, dtype, shape }));
  return { tensors, others, metadata, verified };
}

/**
 * The values of one tensor, of a type that is read.
 *
 * @param data of the file
 */
export function valuesOf(data: Uint8Array, { dtype, begin, end }: HeaderEntry): Float32Array {
  return toFloat32(dtype, data.subarray(begin, end));
}

/** @throws as `decodeSafetensors` does */
export function openSafetensors(bytes: Uint8Array, file: string): SafetensorsFile {
  if (bytes.length < 8) {
    throw new CoreError(
      "CHECKPOINT_TRUNCATED",
      `${file} has ${bytes.length} bytes; the header's length alone takes 8. Use a whole copy.`,
    );
  }
  const foreign = bytes[8] === brace ? undefined : foreignFile(bytes);
  if (foreign !== undefined) throw new CoreError("CHECKPOINT_HEADER", `${file} is no safetensors file. ${foreign}`);
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
  return { entries: header.entries, metadata: header.metadata, verified, data: bytes.subarray(dataStart) };
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
  for (const entry of entries) {
    const { name, begin, end } = entry;
    if (begin !== expected || end < begin) {
      throw new CoreError(
        "CHECKPOINT_OFFSETS",
        `${file} puts tensor ${quoted(name)} at bytes ${begin} to ${end} of the data; it must begin at ${expected}, where the ` +
          `one before it ends. Use an unchanged copy.`,
      );
    }
    checkSize(entry, file);
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

/** Of a type that nobody here knows, only the place is certain. */
function checkSize({ name, dtype, shape, begin, end }: HeaderEntry, file: string): void {
  const count = elements(shape);
  const needed = bytesOf(dtype, count ?? 0);
  if (needed === undefined || (count !== undefined && needed === end - begin)) return;
  const most = 8;
  const sizes = shape.length > most ? `${shape.slice(0, most).join(", ")}, …` : shape.join(", ");
  const needs = count === undefined ? "more than any file has" : Number.isNaN(needed) ? "no whole number" : needed;
  throw new CoreError(
    "CHECKPOINT_SHAPE",
    `${file} gives tensor ${quoted(name)} ${end - begin} bytes; [${sizes}] in ${dtype} needs ${needs}. ` +
      `Use an unchanged copy, or have it written again.`,
  );
}
