import wrapAnsi from "wrap-ansi";

/** Breaks text between words into lines of at most `width` columns; a longer word gets a line of its own. */
export function wrap(text: string, width: number): string[] {
  return wrapAnsi(text, width).split("\n");
}
