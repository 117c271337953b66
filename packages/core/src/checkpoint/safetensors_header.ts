import { CoreError } from "../errors.ts";
import { duplicateKey } from "./duplicate_key.ts";

/** One tensor as the header describes it: bytes `begin` to `end` of the data. */
export interface HeaderEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export interface Header {
  /** In the order of their data. */
  readonly entries: readonly HeaderEntry[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** Checks each entry by itself; whether they fit together and into the file is the caller's to check. */
export function parseHeader(bytes: Uint8Array, file: string): Header {
  const header = parseObject(bytes, file);
  let metadata: Record<string, string> = {};
  const entries: HeaderEntry[] = [];
  for (const [name, value] of Object.entries(header)) {
    if (name === "__metadata__") metadata = parseMetadata(value, file);
    else entries.push(parseEntry(name, value, file));
  }
  // Empty tensors begin where the next one does.
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  return { entries, metadata };
}

function parseObject(bytes: Uint8Array, file: string): object {
  if (bytes[0] !== 0x7b) {
    throw new CoreError(
      "CHECKPOINT_HEADER",
      `the header of ${file} does not begin with "{". It is no safetensors file.`,
    );
  }
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    header = JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CoreError("CHECKPOINT_HEADER", `the header of ${file} is not JSON in UTF-8: ${reason}.`, { cause });
  }
  const twice = duplicateKey(text);
  if (twice !== undefined) {
    throw new CoreError("CHECKPOINT_DUPLICATE", `the header of ${file} has ${JSON.stringify(twice)} twice.`);
  }
  // A text that begins with "{" is an object.
  return Object(header);
}

function parseMetadata(value: unknown, file: string): Record<string, string> {
  if (!isRecord(value)) {
    throw new CoreError("CHECKPOINT_METADATA", `__metadata__ of ${file} must be an object; got ${show(value)}.`);
  }
  const strings = Object.entries(value).map(([key, text]): [string, string] => {
    if (typeof text === "string") return [key, text];
    throw new CoreError("CHECKPOINT_METADATA", `metadata ${key} of ${file} must be a string; got ${show(text)}.`);
  });
  return Object.fromEntries(strings);
}

function parseEntry(name: string, value: unknown, file: string): HeaderEntry {
  if (!isRecord(value)) {
    throw new CoreError("CHECKPOINT_HEADER", `tensor ${name} of ${file} must be an object; got ${show(value)}.`);
  }
  const { dtype, shape, data_offsets: offsets } = value;
  if (dtype !== "F32") {
    throw new CoreError("CHECKPOINT_DTYPE", `tensor ${name} of ${file} must be float32, "F32"; got ${show(dtype)}.`);
  }
  if (!isSizes(shape)) {
    throw new CoreError(
      "CHECKPOINT_SHAPE",
      `the shape of tensor ${name} of ${file} must be an array of whole numbers from 0; got ${show(shape)}.`,
    );
  }
  if (!isSizes(offsets) || offsets.length !== 2) {
    throw new CoreError(
      "CHECKPOINT_OFFSETS",
      `data_offsets of tensor ${name} of ${file} must be [begin, end], whole numbers from 0; got ${show(offsets)}.`,
    );
  }
  return { name, shape, begin: offsets[0], end: offsets[1] };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
