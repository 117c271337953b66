/** One import of a source file, type imports included. */
export interface SourceImport {
  /** The specifier, or undefined when it is computed and cannot be read from the text. */
  readonly specifier: string | undefined;
  /** `import` and `export … from` are static; `import()`, `import.meta.resolve()` and `require()` are not. */
  readonly isStatic: boolean;
  readonly line: number;
}

// Comments and strings are tokens too, so that what looks like an import inside them is passed over.
const TOKENS = new RegExp(
  [
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*/, // comment
    /\b(?:from|import)\s*(?<literal>"[^"\n]*"|'[^'\n]*')/,
    /\b(?:import|import\.meta\.resolve|require)\s*\((?<call>(?:[^()]|\([^()]*\))*)\)/,
    /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/, // string
  ]
    .map((part) => part.source)
    .join("|"),
  "g",
);

/**
 * Lists what a TypeScript or JavaScript source imports.
 *
 * A call that chooses between files, as in `import.meta.resolve(built ? "./a.js" : "./a.ts")`, gives one import for each.
 */
export function sourceImports(source: string): SourceImport[] {
  const imports: SourceImport[] = [];
  for (const { index, groups } of source.matchAll(TOKENS)) {
    const line = source.slice(0, index).split("\n").length;
    if (groups?.literal !== undefined) {
      imports.push({ specifier: groups.literal.slice(1, -1), isStatic: true, line });
    } else if (groups?.call !== undefined) {
      for (const specifier of calledSpecifiers(groups.call)) imports.push({ specifier, isStatic: false, line });
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
