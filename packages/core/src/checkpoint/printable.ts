/** A text of a stranger for a message: on one line, without what a terminal would obey, and not too long. */
export function printable(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 57)}...` : text;
  return short.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => {
    return `\\u${character.codePointAt(0)!.toString(16).padStart(4, "0")}`;
  });
}

/** The same in quotes. */
export function quoted(text: string): string {
  return `"${printable(text)}"`;
}
