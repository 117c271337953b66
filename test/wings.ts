import { posix } from "node:path";
import type { FileImport } from "./source_imports.ts";

/** What the files of one folder of a package's sources may import. */
export interface Wing {
  /** Folders and files under `src/`, besides the wing itself. */
  readonly inside: readonly string[];
  /** Packages; "node:" stands for all modules of Node. */
  readonly outside: readonly string[];
}

/**
 * The imports by which a file of a wing reaches for what its wing may not use: at once, lazily, as types alone, or by a URL.
 *
 * @param imports of the files of one package, by their paths from its folder; tests are left out by the caller
 * @param wings by their folder under `src/`. The longest name that fits a file counts
 */
export function crossings(imports: readonly FileImport[], wings: Readonly<Record<string, Wing>>): FileImport[] {
  const names = Object.keys(wings).sort((a, b) => b.length - a.length);
  return imports.filter(({ file, specifier }) => {
    const name = names.find((wing) => file.startsWith(`src/${wing}/`));
    if (name === undefined || specifier === undefined) return false;
    const { inside, outside } = wings[name];
    if (!specifier.startsWith(".")) {
      return !outside.some((one) => specifier === one || specifier.startsWith(one.endsWith(":") ? one : `${one}/`));
    }
    const target = posix.join(posix.dirname(file), specifier);
    // What a build writes beside the sources is of no wing.
    if (target.startsWith("generated/")) return false;
    return ![name, ...inside].some((one) => target === `src/${one}` || target.startsWith(`src/${one}/`));
  });
}
