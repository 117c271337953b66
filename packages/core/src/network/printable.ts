/** A text of a stranger for a message: on one line, without what a terminal would obey, and not too long. */
export function printable(text: string): string {
  return escapeControls(text.length > 60 ? `${text.slice(0, 57)}...` : text);
}

/** A line in which texts of strangers stand, such as names of files: the same, and only so long as a screen is of use. */
export function printableLine(text: string): string {
  return escapeControls(text.length > 4096 ? `${text.slice(0, 4093)}...` : text);
}

/** Scripts in whose words joiners belong. */
const joining = "Arab Beng Deva Gujr Guru Khmr Knda Mlym Mong Mymr Orya Sinh Syrc Taml Telu"
  .split(" ")
  .map((script) => `\\p{scx=${script}}`)
  .join("");
/** A joiner in such a word, and the one that makes one picture of several: 🐈‍⬛. */
const joiner =
  `(?<=[${joining}])[\\u200c\\u200d](?=[${joining}])|` +
  "(?<=\\p{Extended_Pictographic}[\\u{fe0f}\\u{1f3fb}-\\u{1f3ff}]?)\\u200d(?=\\p{Extended_Pictographic})";

let expression: RegExp | undefined;

/** Made at the first text: V8 takes milliseconds for it, and every thread that trains loads this file. */
function obeyed(): RegExp {
  return (expression ??= new RegExp(`(?!${joiner})[\\p{C}\\p{Zl}\\p{Zp}]`, "gu"));
}

/** Controls, marks that turn the direction of what follows or take no place, and ends of lines, as JSON would write them. */
export function escapeControls(text: string): string {
  return text.replaceAll(obeyed(), (character) =>
    Array.from({ length: character.length }, (_, i) => {
      return `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`;
    }).join(""),
  );
}

/** The same in quotes. */
export function quoted(text: string): string {
  return `"${printable(text)}"`;
}

/** Of a list, no more is shown: it is cut to a line anyway. */
const mostElements = 20;

/** Whatever a stranger gave in place of something else, as it is written in JavaScript: short, and never an error of its own. */
export function shown(value: unknown): string {
  switch (typeof value) {
    case "string":
      return quoted(value);
    case "bigint":
      return printable(`${value}n`);
    case "function":
      return "a function";
    case "object":
      return value === null ? "null" : printable(shownObject(value));
    default:
      return Object.is(value, -0) ? "-0" : String(value);
  }
}

function shownObject(value: object): string {
  if (ArrayBuffer.isView(value))
    return `${"length" in value ? `${String(value.length)} values in ` : ""}a ${className(value)}`;
  if (!Array.isArray(value)) return json(value) ?? "an object";
  const elements = value
    .slice(0, mostElements)
    .map((each) => (Array.isArray(each) ? (json(each) ?? "[…]") : shown(each)));
  return `[${[...elements, ...(value.length > mostElements ? ["…"] : [])].join(", ")}]`;
}

/** JSON with what JSON has no words for: 5n, NaN, Infinity. */
function json(value: object): string | undefined {
  try {
    return JSON.stringify(value, marked).replaceAll(/"\\u0000(-?\w+)"/g, "$1");
  } catch {
    return undefined;
  }
}

function marked(_: string, part: unknown): unknown {
  return typeof part === "bigint" || (typeof part === "number" && !Number.isFinite(part)) ? `\0${shown(part)}` : part;
}

function className(value: object): string {
  const { constructor } = value as { readonly constructor?: unknown };
  return typeof constructor === "function" ? constructor.name : "object";
}
