import { globSync, readFileSync } from "node:fs";
import path from "node:path";

const code = "[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*";

const patterns = [
  // A literal of at least two words is a code, wherever it stands: some are chosen by a condition or passed on.
  /"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)"/g,
  // One word is a code where an error is made or told of.
  new RegExp(`\\bnew \\w*Error\\(\\s*"(${code})"`, "g"),
  new RegExp(`\\bcode = [^;]*"(${code})"`, "g"),
  // Or where it opens a text that is printed as it is.
  new RegExp(`(?:["'\`]|\\\\n)(${code}): `, "g"),
];

/** What looks like a code and is another's: Node's own, zlib's, and names of environment variables. */
const foreign = /^(ERR|Z)_|^INIT_CWD$|^XDG_CACHE_HOME$/;

/** Every error code in the sources of these packages, with a file that has it. */
export function errorCodes(root: string, folders: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const file of folders.flatMap((folder) => globSync(`${folder}/{*.mjs,src/**/*.ts}`, { cwd: root }))) {
    if (file.endsWith(".test.ts")) continue;
    for (const name of codesIn(readFileSync(path.join(root, file), "utf8"))) found.set(name, file);
  }
  return found;
}

/** @param source TypeScript; what its comments say is no code */
export function codesIn(source: string): string[] {
  const withoutComments = source.replaceAll(/^\s*(?:\/\*\*?|\*|\/\/).*$/gm, "");
  const all = patterns.flatMap((pattern) => Array.from(withoutComments.matchAll(pattern), ([, name]) => name));
  return [...new Set(all)].filter((name) => !foreign.test(name));
}
