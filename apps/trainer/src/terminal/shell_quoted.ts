import process from "node:process";

/**
 * A path as a shell takes it, in a command that people paste, and as a terminal shows it without obeying it.
 *
 * @example
 * shellQuoted("my run"); // "my run"
 * shellQuoted("$(id)"); // '$(id)'
 */
export function shellQuoted(name: string): string {
  // What begins with a dash would be an option.
  const path = name.startsWith("-") ? `./${name}` : name;
  if (/^[\w./:@%+-][\w./:@%+=-]*$/.test(path)) return path;
  // Such quotes every shell has, that of Windows too, where the backslash is nothing but a backslash.
  const isPlain = process.platform === "win32" || !/[$`"\\!]/.test(path);
  if (/[\p{C}\p{Zl}\p{Zp}]/u.test(path)) return `$'${[...Buffer.from(path)].map(escapedByte).join("")}'`;
  return isPlain ? `"${path}"` : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}

/** In octal, because there all shells read as many digits. */
function escapedByte(byte: number): string {
  const character = String.fromCharCode(byte);
  return /[\w./:@%+= -]/.test(character) ? character : `\\${byte.toString(8).padStart(3, "0")}`;
}
