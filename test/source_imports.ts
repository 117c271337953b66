/** One import of a source file, type imports included. */
export interface SourceImport {
  /** The specifier, or undefined when it is computed and cannot be read from the text. */
  readonly specifier: string | undefined;
  readonly line: number;
}

/** An import, and where it stands. */
export interface FileImport extends SourceImport {
  /** Path from the package's folder. */
  readonly file: string;
}

// Comments and strings are tokens too, so that what looks like an import inside them is passed over.
const TOKENS = new RegExp(
  [
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*/, // comment
    /\b(?:from|import)\s*(?<literal>"[^"\n]*"|'[^'\n]*')/,
    /\b(?:import|import\.meta\.resolve|require)\s*\((?<call>(?:[^()]|\([^()]*\))*)\)/,
    /\bnew\s+URL\s*\(\s*(?<url>[^(),]+),\s*import\.meta\.url\s*\)/,
    /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/, // string
  ]
    .map((part) => part.source)
    .join("|"),
  "g",
);

/**
 * Lists what a TypeScript or JavaScript source imports, at once, later (`import()`, `import.meta.resolve()`, `require()`), or in
 * a thread or process of its own (`new URL("worker.ts", import.meta.url)`; the URL of another kind of file is none).
 *
 * A call that chooses between files, as in `import.meta.resolve(built ? "./a.js" : "./a.ts")`, gives one import for each.
 */
export function sourceImports(source: string): SourceImport[] {
  const imports: SourceImport[] = [];
  for (const { index, groups } of source.matchAll(TOKENS)) {
    const line = source.slice(0, index).split("\n").length;
    if (groups?.literal !== undefined) {
      imports.push({ specifier: groups.literal.slice(1, -1), line });
    } else if (groups?.call !== undefined) {
      for (const specifier of calledSpecifiers(groups.call)) imports.push({ specifier, line });
    } else if (groups?.url !== undefined) {
      const specifier = urlOf(groups.url.trim());
      if (specifier === undefined || /\.[cm]?[jt]s$/.test(specifier)) imports.push({ specifier, line });
    }
  }
  return imports;
}

function calledSpecifiers(argument: string): (string | undefined)[] {
  const literal = /^\s*(?:"([^"]*)"|'([^']*)')\s*,?\s*$/.exec(argument);
  if (literal !== null) return [literal[1] ?? literal[2]];
  const paths = Array.from(argument.matchAll(/["'](\.\.?\/[^"']*)["']/g), ([, path]) => path);
  return paths.length > 0 ? paths : [undefined];
}

/** A path without a dot before it is relative in a URL; an extension that is chosen, as of `probe.${extension}`, is the source's. */
function urlOf(argument: string): string | undefined {
  const text = /^(["'`])(.*)\1$/.exec(argument)?.[2].replace(/\.\$\{\w+\}$/, ".ts");
  if (text === undefined || text.includes("${")) return undefined;
  return /^(?:\.|\w+:)/.test(text) ? text : `./${text}`;
}
