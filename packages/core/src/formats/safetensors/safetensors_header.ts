import { CoreError } from "../../errors.ts";
import { digestKey } from "../files/file_digest.ts";
import { JsonScanner } from "../json/json_scanner.ts";
import { quoted } from "../../network/printable.ts";
import { isForbiddenName } from "./tensor_names.ts";

/** One tensor as the header describes it: bytes `begin` to `end` of the data. */
export interface HeaderEntry {
  readonly name: string;
  /** Any text: a file may hold what no network of ours has. */
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export interface Header {
  /** In the order of their data. */
  readonly entries: readonly HeaderEntry[];
  readonly metadata: Readonly<Record<string, string>>;
  /** The file's own digest, which is no metadata: what it says, and where in the header its digits stand. */
  readonly digest: HeaderDigest | undefined;
}

export interface HeaderDigest {
  readonly digits: string;
  readonly at: number;
}

/** The reference implementation reads no larger header. */
export const largestHeader = 100_000_000;

/** As many as NumPy and PyTorch allow. */
const largestRank = 64;

/**
 * What a header may take in memory, or as much as it has bytes itself: room for a hundred thousand tensors, or for texts of
 * megabytes. Each name and each tensor takes much more there than the few bytes that it can have in the file.
 */
const largestContent = 2 ** 25;

/** Measured, with what is freed again when the header is read: sets and maps are larger while they grow. */
const entryBytes = 250;
const metadataBytes = 200;

/** Checks each entry by itself; whether they fit together and into the file is the caller's to check. */
export function parseHeader(bytes: Uint8Array, file: string): Header {
  return new HeaderReader(bytes, file).read();
}

/**
 * Reads the header as what it must be, and never as JSON of any form: a stranger's JSON can take twenty times its own
 * size in memory.
 */
class HeaderReader {
  readonly #bytes: Uint8Array;
  readonly #scanner: JsonScanner;
  readonly #file: string;
  readonly #entries: HeaderEntry[] = [];
  readonly #metadata = new Map<string, string>();
  #digest: HeaderDigest | undefined;
  #spent = 0;

  constructor(bytes: Uint8Array, file: string) {
    this.#bytes = bytes;
    this.#scanner = new JsonScanner(bytes);
    this.#file = file;
  }

  read(): Header {
    if (this.#bytes[0] !== 0x7b) {
      throw this.#error("CHECKPOINT_HEADER", 'does not begin with "{", so it is no safetensors file');
    }
    this.#members("the header", (name) => {
      if (name === "__metadata__") this.#readMetadata();
      else this.#entries.push(this.#readEntry(name));
    });
    if (!this.#scanner.atEnd) throw this.#unexpected("the end of the header");
    // Empty tensors begin where the next one does.
    const entries = this.#entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
    return { entries, metadata: Object.fromEntries(this.#metadata), digest: this.#digest };
  }

  #readMetadata(): void {
    const { at } = this.#scanner;
    if (!this.#scanner.take("{")) throw this.#instead("CHECKPOINT_METADATA", "__metadata__", "an object", at);
    this.#membersAfterBrace("__metadata__", (key) => {
      const valueAt = this.#scanner.at;
      const text = this.#text();
      if (text === undefined) {
        throw this.#instead("CHECKPOINT_METADATA", `metadata ${quoted(key)}`, "a string of at most 4 MiB", valueAt);
      }
      this.#spend(metadataBytes);
      if (key === digestKey) this.#digest = { digits: text, at: valueAt + 1 };
      else this.#metadata.set(key, text);
    });
  }

  #readEntry(name: string): HeaderEntry {
    const what = `tensor ${quoted(name)}`;
    const found: { dtype?: string; shape?: readonly number[]; offsets?: readonly number[] } = {};
    this.#members(what, (key) => {
      if (key === "dtype") found.dtype = this.#dtype(what);
      else if (key === "shape") found.shape = this.#shape(what);
      else if (key === "data_offsets") found.offsets = this.#offsets(what);
      else throw this.#error("CHECKPOINT_HEADER", `gives ${what} a ${quoted(key)}, which the format does not know`);
    });
    const { dtype, shape, offsets } = found;
    if (dtype === undefined) throw this.#error("CHECKPOINT_DTYPE", `gives ${what} no dtype`);
    if (shape === undefined) throw this.#error("CHECKPOINT_SHAPE", `gives ${what} no shape`);
    if (offsets === undefined) throw this.#error("CHECKPOINT_OFFSETS", `gives ${what} no data_offsets`);
    this.#spend(entryBytes + 8 * shape.length);
    return { name, dtype, shape, begin: offsets[0], end: offsets[1] };
  }

  #dtype(tensor: string): string {
    const { at } = this.#scanner;
    const dtype = this.#text();
    if (dtype !== undefined) return dtype;
    throw this.#instead("CHECKPOINT_DTYPE", `the dtype of ${tensor}`, `a string such as "F32"`, at);
  }

  #shape(tensor: string): readonly number[] {
    const { at } = this.#scanner;
    const shape = this.#wholeNumbers(largestRank);
    if (shape !== undefined) return shape;
    const expected = `an array of at most ${largestRank} whole numbers`;
    throw this.#instead("CHECKPOINT_SHAPE", `the shape of ${tensor}`, expected, at);
  }

  #offsets(tensor: string): readonly number[] {
    const { at } = this.#scanner;
    const offsets = this.#wholeNumbers(2);
    if (offsets?.length === 2) return offsets;
    throw this.#instead("CHECKPOINT_OFFSETS", `data_offsets of ${tensor}`, "[begin, end], whole numbers", at);
  }

  #members(what: string, read: (key: string) => void): void {
    const { at } = this.#scanner;
    if (!this.#scanner.take("{")) throw this.#instead("CHECKPOINT_HEADER", what, "an object", at);
    this.#membersAfterBrace(what, read);
  }

  #membersAfterBrace(what: string, read: (key: string) => void): void {
    const scanner = this.#scanner;
    const keys = new Set<string>();
    if (scanner.take("}")) return;
    do {
      const key = this.#text();
      if (key === undefined) throw this.#unexpected("a name in quotes, of at most 4 MiB");
      if (keys.has(key)) {
        throw this.#error("CHECKPOINT_DUPLICATE", `has ${quoted(key)} twice in ${what}`, "Give each a name of its own");
      }
      if (isForbiddenName(key)) {
        throw this.#error("CHECKPOINT_NAME", `has the name ${quoted(key)}, which is refused`, "Use another name");
      }
      keys.add(key);
      if (!scanner.take(":")) throw this.#unexpected('":"');
      read(key);
    } while (scanner.take(","));
    if (!scanner.take("}")) throw this.#unexpected('"," or "}"');
  }

  /** A string; undefined when there is none. */
  #text(): string | undefined {
    const { at } = this.#scanner;
    const text = this.#scanner.string();
    // Two bytes a character, where one of them needs more than one.
    if (text !== undefined) this.#spend(text.length === this.#scanner.at - at - 2 ? text.length : 2 * text.length);
    return text;
  }

  #spend(bytes: number): void {
    this.#spent += bytes;
    if (this.#spent <= Math.max(largestContent, this.#bytes.length)) return;
    throw new CoreError(
      "CHECKPOINT_HEADER",
      `the header of ${this.#file} has so many names, tensors or metadata that they take more than ${largestContent / 2 ** 20} MiB ` +
        `of memory and more than the header itself. Use a file with fewer.`,
    );
  }

  #wholeNumbers(most: number): number[] | undefined {
    const scanner = this.#scanner;
    if (!scanner.take("[")) return undefined;
    const numbers: number[] = [];
    if (scanner.take("]")) return numbers;
    do {
      const number = scanner.wholeNumber();
      if (number === undefined || numbers.length === most) return undefined;
      numbers.push(number);
    } while (scanner.take(","));
    // A copy: an array that grew has room for sixteen more, in each of perhaps a hundred thousand tensors.
    return scanner.take("]") ? numbers.slice() : undefined;
  }

  #instead(code: string, what: string, expected: string, at: number): CoreError {
    return this.#error(code, `must give ${expected} for ${what}; got ${this.#scanner.describe(at)}`);
  }

  #unexpected(expected: string): CoreError {
    const { at } = this.#scanner;
    const got = this.#scanner.describe(at);
    return this.#error("CHECKPOINT_HEADER", `is not JSON in UTF-8: byte ${at} must be ${expected}; got ${got}`);
  }

  #error(code: string, what: string, cure = "Use an unchanged copy, or have it written again"): CoreError {
    return new CoreError(code, `the header of ${this.#file} ${what}. ${cure}.`);
  }
}
