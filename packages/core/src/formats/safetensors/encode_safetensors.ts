import { CoreError } from "../../errors.ts";
import { digestKey, noDigest, ownDigest } from "../files/file_digest.ts";
import { quoted } from "../../network/printable.ts";
import type { NamedTensor } from "./safetensors.ts";
import { largestHeader } from "./safetensors_header.ts";
import { isForbiddenName } from "./tensor_names.ts";
import { areSizes, elements } from "./tensor_shape.ts";

export interface EncodeOptions {
  readonly tensors: readonly NamedTensor[];
  readonly metadata?: Readonly<Record<string, string>>;
  /** Whether the file is to say its own SHA-256, in the metadata. Default: no. */
  readonly sealed?: boolean;
}

const digestStart = `"${digestKey}":"`;

/**
 * Lays tensors out as a safetensors file: the header's length as 8 little-endian bytes, the header as JSON padded with
 * spaces to a multiple of 8, and the float32 values one tensor after the other, in the order given.
 *
 * @param options.sealed puts the file's own digest first in the metadata, by which any damage is found. Default: false
 *
 * @throws `CHECKPOINT_SHAPE` when a shape does not fit its data; `CHECKPOINT_DUPLICATE` when a name comes twice;
 *   `CHECKPOINT_METADATA` when metadata is no text or is the digest; `CHECKPOINT_NAME` for a name that the format or the
 *   reader refuses; `CHECKPOINT_HEADER` for a header that no reader would take
 *
 * Source: https://github.com/huggingface/safetensors#format
 */
export function encodeSafetensors(options: EncodeOptions): Uint8Array<ArrayBuffer> {
  const { tensors, metadata = {}, sealed = false } = options;
  // By hand: an object would sort names that look like whole numbers to the front.
  const texts = metadataEntries(metadata);
  if (sealed) texts.unshift(`${digestStart}${noDigest}"`);
  const entries = texts.length === 0 ? [] : [`"__metadata__":{${texts.join(",")}}`];
  const names = new Set<string>();
  let end = 0;
  for (const { name, shape, data } of tensors) {
    checkTensor(name, shape, data);
    if (names.has(name)) throw new CoreError("CHECKPOINT_DUPLICATE", `two tensors are named ${quoted(name)}.`);
    names.add(name);
    const offsets = [end, end + data.byteLength];
    entries.push(`${JSON.stringify(name)}:${JSON.stringify({ dtype: "F32", shape, data_offsets: offsets })}`);
    end += data.byteLength;
  }
  const header = new TextEncoder().encode(`{${entries.join(",")}}`);
  const dataStart = 8 + Math.ceil(header.length / 8) * 8;
  if (dataStart - 8 > largestHeader) {
    throw new CoreError(
      "CHECKPOINT_HEADER",
      `names, shapes and metadata take ${dataStart - 8} bytes; ${largestHeader} are the most that readers take. ` +
        `Use less metadata, or more than one file.`,
    );
  }
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
  if (sealed) seal(bytes);
  return bytes;
}

/** The digest is the first thing in the header, so its place needs no search. */
function seal(bytes: Uint8Array): void {
  const at = 8 + `{"__metadata__":{${digestStart}`.length;
  bytes.set(new TextEncoder().encode(ownDigest(bytes, at)), at);
}

function metadataEntries(metadata: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(metadata).map(([key, value]) => {
    if (typeof value !== "string") {
      throw new CoreError(
        "CHECKPOINT_METADATA",
        `metadata ${quoted(key)} must be a string; got a value of type ${typeof value}. Write other things as JSON text.`,
      );
    }
    if (key === digestKey) {
      throw new CoreError("CHECKPOINT_METADATA", `metadata ${key} is the file's own digest; use another key.`);
    }
    checkName(key);
    if (!value.isWellFormed()) {
      throw new CoreError("CHECKPOINT_METADATA", `metadata ${quoted(key)} has half a surrogate pair. Use whole text.`);
    }
    return `${JSON.stringify(key)}:${JSON.stringify(value)}`;
  });
}

function checkTensor(name: string, shape: readonly number[], data: Float32Array): void {
  checkName(name);
  if (areSizes(shape) && elements(shape) === data.length) return;
  throw new CoreError(
    "CHECKPOINT_SHAPE",
    `tensor ${quoted(name)} has ${data.length} values, which the shape [${shape.join(", ")}] does not. Correct either.`,
  );
}

function checkName(name: string): void {
  if (name !== "__metadata__" && !isForbiddenName(name) && name.isWellFormed()) return;
  throw new CoreError("CHECKPOINT_NAME", `no tensor and no metadata can be named ${quoted(name)}. Use another name.`);
}
