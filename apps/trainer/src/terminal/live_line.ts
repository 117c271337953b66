import type { Output } from "./output.ts";

const hideCursor = "\x1b[?25l";
export const showCursor = "\x1b[?25h";
const eraseLine = "\r\x1b[K";

/** The last line of a terminal, redrawn in place, with finished lines above it. */
export class LiveLine {
  readonly #output: Output;
  #shown = false;

  constructor(output: Output) {
    this.#output = output;
  }

  /** Draws the line over the one before. It must be narrower than the terminal, or it would wrap and stay. */
  show(line: string): void {
    this.#output.write(`${this.#shown ? "" : hideCursor}${eraseLine}${line}`);
    this.#shown = true;
  }

  /** Prints a line that stays, above the live one; the next `show` draws that again. */
  print(line: string): void {
    this.#output.write(`${this.#shown ? eraseLine : ""}${line}\n`);
  }

  /** Takes the line away and gives the cursor back. Safe to call at any time, and twice. */
  close(): void {
    if (this.#shown) this.#output.write(eraseLine + showCursor);
    this.#shown = false;
  }
}
