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

/** Whatever a stranger gave in place of something else: short, and never an error of its own. */
export function shown(value: unknown): string {
  if (typeof value === "string") return quoted(value);
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" || value === null) return String(value);
  try {
    return printable(JSON.stringify(value));
  } catch {
    return "an object";
  }
}
