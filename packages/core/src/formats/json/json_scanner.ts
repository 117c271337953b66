import { printable } from "../../network/printable.ts";

const quote = 0x22;
const backslash = 0x5c;

/** Bytes. To decode a string takes several times its size for a moment. */
const longestString = 2 ** 22;

/**
 * Reads JSON whose form is known beforehand, token by token, from its UTF-8 bytes. Nothing is built but what is asked
 * for, so a text that nests a million arrays costs nothing: it is not what was asked for.
 */
export class JsonScanner {
  readonly #bytes: Uint8Array;
  // A byte order mark is part of a text like any other character; the decoder must not swallow it.
  readonly #decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Where the next token begins, in bytes. */
  get at(): number {
    const bytes = this.#bytes;
    while (isSpace(bytes[this.#at])) this.#at++;
    return this.#at;
  }

  get atEnd(): boolean {
    return this.at === this.#bytes.length;
  }

  /** Moves past this one character, if it is the next. */
  take(character: string): boolean {
    if (this.#bytes[this.at] !== character.charCodeAt(0)) return false;
    this.#at++;
    return true;
  }

  /** A string; undefined when there is none, none that UTF-8 and JSON allow, or one of more than 4 MiB. */
  string(): string | undefined {
    const bytes = this.#bytes;
    const start = this.at;
    if (bytes[start] !== quote) return undefined;
    let escaped = false;
    let end = start + 1;
    for (; bytes[end] !== quote; end++) {
      // Past the end there is only undefined, which is below nothing: so the first test ends the loop there.
      if (!(bytes[end] >= 0x20)) return undefined;
      if (bytes[end] !== backslash) continue;
      escaped = true;
      end++;
    }
    if (end - start > longestString) return undefined;
    const text = this.#decode(bytes.subarray(start, end + 1), escaped);
    if (text !== undefined) this.#at = end + 1;
    return text;
  }

  /** A number of decimal digits alone, up to 2^53 - 1; undefined when there is none. */
  wholeNumber(): number | undefined {
    const bytes = this.#bytes;
    const start = this.at;
    let end = start;
    let value = 0;
    for (; bytes[end] >= 0x30 && bytes[end] <= 0x39; end++) value = value * 10 + (bytes[end] - 0x30);
    const leadingZero = bytes[start] === 0x30 && end - start > 1;
    if (end === start || leadingZero || value > Number.MAX_SAFE_INTEGER || !endsNumber(bytes[end])) return undefined;
    this.#at = end;
    return value;
  }

  /** What stands at this byte, for a message: short, on one line, whatever it is. */
  describe(from: number): string {
    if (from >= this.#bytes.length) return "its end";
    const text = new TextDecoder().decode(this.#bytes.subarray(from, from + 40)).split(/(?<=.)[,}\]]/, 1)[0];
    return printable(text);
  }

  #decode(quoted: Uint8Array, escaped: boolean): string | undefined {
    try {
      if (!escaped) return this.#decoder.decode(quoted.subarray(1, -1));
      const text: unknown = JSON.parse(this.#decoder.decode(quoted));
      // Half of a surrogate pair can be escaped, but never be written in UTF-8 again.
      return typeof text === "string" && text.isWellFormed() ? text : undefined;
    } catch {
      return undefined;
    }
  }
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** A comma, a bracket, a space or the end: 1.0 and 1e3 are no whole numbers. */
function endsNumber(byte: number | undefined): boolean {
  return byte === undefined || byte === 0x2c || byte === 0x5d || byte === 0x7d || isSpace(byte);
}
