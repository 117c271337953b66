import { CoreError } from "../errors.ts";
import { type HeaderEntry, parseHeader } from "./safetensors_header.ts";

export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Row-major. */
  readonly data: Float32Array;
}

export interface SafetensorsContent {
  readonly tensors: readonly NamedTensor[];
  /** Free text by key. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** The reference implementation reads no larger header. */
const largestHeader = 100_000_000;

/**
 * Lays tensors out as a safetensors file: the header's length as 8 little-endian bytes, the header as JSON padded with
 * spaces to a multiple of 8, and the float32 values one tensor after the other, in the order given.
 *
 * @throws `CHECKPOINT_SHAPE` when a shape does not fit its data; `CHECKPOINT_DUPLICATE` when a name comes twice;
 *   `CHECKPOINT_METADATA` when metadata is no text; `CHECKPOINT_HEADER` for a name that the format reserves
 *
 * Source: https://github.com/huggingface/safetensors#format
 */
export function encodeSafetensors(content: {
  readonly tensors: readonly NamedTensor[];
  readonly metadata?: Readonly<Record<string, string>>;
}): Uint8Array<ArrayBuffer> {
  const { tensors, metadata = {} } = content;
  checkMetadata(metadata);
  const entries = Object.keys(metadata).length === 0 ? [] : [`"__metadata__":${JSON.stringify(metadata)}`];
  const names = new Set<string>();
  let end = 0;
  for (const { name, shape, data } of tensors) {
    if (name === "__metadata__") throw new CoreError("CHECKPOINT_HEADER", `no tensor can be named ${name}.`);
    if (names.has(name)) throw new CoreError("CHECKPOINT_DUPLICATE", `two tensors are named ${name}.`);
    names.add(name);
    if (elements(shape) !== data.length) {
      throw new CoreError(
        "CHECKPOINT_SHAPE",
        `tensor ${name} of shape [${shape.join(", ")}] needs ${elements(shape)} values; got ${data.length}.`,
      );
    }
    const offsets = [end, end + data.byteLength];
    // By hand: an object would sort names that look like whole numbers to the front.
    entries.push(`${JSON.stringify(name)}:${JSON.stringify({ dtype: "F32", shape, data_offsets: offsets })}`);
    end += data.byteLength;
  }
  const header = new TextEncoder().encode(`{${entries.join(",")}}`);
  const dataStart = 8 + Math.ceil(header.length / 8) * 8;
  const bytes = new Uint8Array(dataStart + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(dataStart - 8), true);
  bytes.set(header, 8);
  bytes.fill(0x20, 8 + header.length, dataStart);
  const values = new Float32Array(bytes.buffer, dataStart);
  let at = 0;
  for (const { data } of tensors) {
    values.set(data, at);
    at += data.length;
  }
  return bytes;
}

/**
 * Reads a safetensors file of float32 tensors, in the order of their data. Nothing is allocated because the header says
 * so: tensors are views of `bytes`, or copies where `bytes` does not lie on whole floats.
 *
 * @param bytes the whole file
 * @param file how messages call it
 *
 * @throws `CHECKPOINT_TRUNCATED` when bytes are missing; `CHECKPOINT_HEADER` when the header is not what the format
 *   says; `CHECKPOINT_METADATA` when metadata is no text; `CHECKPOINT_DUPLICATE` when a name comes twice;
 *   `CHECKPOINT_DTYPE` when a tensor is not float32; `CHECKPOINT_SHAPE` when shape and size disagree;
 *   `CHECKPOINT_OFFSETS` when tensors overlap, leave holes or end before the file does
 *
 * Source: https://github.com/huggingface/safetensors#format
 */
export function decodeSafetensors(bytes: Uint8Array, file = "the safetensors file"): SafetensorsContent {
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
  const { entries, metadata } = parseHeader(bytes.subarray(8, dataStart), file);
  checkLayout(entries, bytes.length - dataStart, file);
  const tensors = entries.map(({ name, shape, begin, end }) => {
    const part = bytes.subarray(dataStart + begin, dataStart + end);
    const aligned = part.byteOffset % 4 === 0 ? part : new Uint8Array(part);
    return { name, shape, data: new Float32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4) };
  });
  return { tensors, metadata };
}

/** The tensors must tile the data, without overlap, hole or rest: so no bytes hide, and none are read twice. */
function checkLayout(entries: readonly HeaderEntry[], available: number, file: string): void {
  let expected = 0;
  for (const { name, shape, begin, end } of entries) {
    if (begin !== expected || end < begin) {
      throw new CoreError(
        "CHECKPOINT_OFFSETS",
        `${file} puts tensor ${name} at bytes ${begin} to ${end} of the data; it must begin at ${expected}, where the ` +
          `one before it ends.`,
      );
    }
    const size = elements(shape) * 4;
    if (size !== end - begin) {
      throw new CoreError(
        "CHECKPOINT_SHAPE",
        `${file} gives tensor ${name} ${end - begin} bytes; [${shape.join(", ")}] in float32 needs ${size}.`,
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

function checkMetadata(metadata: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value === "string") continue;
    throw new CoreError(
      "CHECKPOINT_METADATA",
      `metadata ${key} must be a string; got ${JSON.stringify(value)}. Write other things as JSON text.`,
    );
  }
}

function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
