import { CoreError } from "../errors.ts";
import { escapeControls, quoted } from "./printable.ts";

/** Characters: a name is a few words. */
const longestName = 100;

/**
 * A copy of names of classes. They are printed: nothing in them may be an order to the terminal, or fill the screen.
 *
 * @throws `MODEL_OPTION` when they are not one text a class, short and printable, each once
 */
export function checkedClassNames(names: unknown, classes: number): readonly string[] {
  if (!Array.isArray(names) || names.length !== classes) {
    const came = Array.isArray(names) ? `${names.length} of them` : typeof names;
    throw new CoreError("MODEL_OPTION", `classNames must be an array of ${classes} names, one a class; got ${came}.`);
  }
  const seen = new Set<unknown>();
  for (const [i, name] of names.entries()) {
    if (!isName(name)) {
      throw new CoreError(
        "MODEL_OPTION",
        `the name of class ${i} must be a printable text of 1 to ${longestName} characters; ` +
          `got ${typeof name === "string" ? quoted(name) : typeof name}.`,
      );
    }
    if (seen.has(name)) throw new CoreError("MODEL_OPTION", `two classes are called ${quoted(name)}; names differ.`);
    seen.add(name);
  }
  return Array.from(names, String);
}

/**
 * Labels are numbers: under other names they would be other classes.
 *
 * @param own the network's, where it has some
 * @param said by data, where it says some
 *
 * @throws `MODEL_DATA` for the first class whose names differ
 */
export function checkSameClassNames(own: readonly string[] | undefined, said: readonly string[] | undefined): void {
  if (own === undefined || said === undefined) return;
  const at = Array.from({ length: Math.max(own.length, said.length) }, (_, i) => i).find((i) => own[i] !== said[i]);
  if (at === undefined) return;
  const name = (names: readonly unknown[]): string => (at < names.length ? quoted(String(names[at])) : "nothing");
  throw new CoreError(
    "MODEL_DATA",
    `class ${at} is ${name(own)} for the network and ${name(said)} for the data. Give data of the same classes.`,
  );
}

function isName(name: unknown): boolean {
  if (typeof name !== "string" || name.trim() === "" || name.length > longestName) return false;
  return escapeControls(name) === name;
}
