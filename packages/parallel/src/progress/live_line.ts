import type { Output } from "./output.ts";

const hideCursor = "\x1b[?25l";
export const showCursor = "\x1b[?25h";
/** To the end of the screen: a line that was whole is several where the window got narrower and the terminal wrapped it. */
const eraseLine = "\r\x1b[J";

/**
 * The last line of a terminal, redrawn in place, with finished lines above it.
 *
 * The cursor waits at the line's beginning. A terminal that wraps the line when its window gets narrower keeps the cursor
 * on the letter that it stood on, and everything behind that is erased, however many rows it became; counting rows would
 * erase too few there, and too many on a terminal that cuts lines off instead.
 */
export class LiveLine {
  readonly #output: Output;
  readonly #hidesCursor: boolean;
  #shown = false;

  /** @param hidesCursor for programs that give it back however they end */
  constructor(output: Output, hidesCursor: boolean) {
    this.#output = output;
    this.#hidesCursor = hidesCursor;
  }

  /** Draws the line over the one before. It must be narrower than the terminal, or it would wrap and stay. */
  show(line: string): void {
    const before = this.#shown ? eraseLine : this.#hidesCursor ? hideCursor : "";
    this.#output.write(`${before}${line}\r`);
    this.#shown = true;
  }

  /** Prints a line that stays, above the live one; the next `show` draws that again. */
  print(line: string): void {
    this.#output.write(`${this.#shown ? eraseLine : ""}${line}\n`);
  }

  /** Takes the line away and gives the cursor back. Safe to call at any time, and twice. */
  close(): void {
    if (this.#shown) this.#output.write(eraseLine + (this.#hidesCursor ? showCursor : ""));
    this.#shown = false;
  }
}
