import test from "ava";
import { type FileImport, sourceImports } from "./source_imports.ts";
import { crossings, type Wing } from "./wings.ts";

const wings: Readonly<Record<string, Wing>> = {
  network: { inside: ["errors.ts"], outside: [] },
  engine: { inside: ["errors.ts", "network"], outside: ["tfjs-core"] },
  "engine/verify": { inside: ["errors.ts", "network", "engine"], outside: ["node:"] },
};

/** The imports of an invented tree that cross a border. */
function crossed(tree: Readonly<Record<string, string>>): string[] {
  const imports = Object.entries(tree).flatMap(([file, source]): FileImport[] =>
    sourceImports(source).map((found) => Object.assign({ file }, found)),
  );
  return crossings(imports, wings).map(({ file, specifier }) => `${file} -> ${specifier}`);
}

test("imports along the arrows cross nothing", (t) => {
  t.deepEqual(
    crossed({
      "src/network/layers/dense.ts": 'import { CoreError } from "../../errors.ts"; import "../random/mix.ts";',
      "src/engine/step.ts": 'import type { Layer } from "../network/layers/layer.ts"; import("tfjs-core/dist/x");',
      "src/engine/kernels.ts": 'import { bytes } from "../../generated/kernels.js";',
      "src/engine/verify/fingerprint.ts": 'import "node:fs"; import "../step.ts";',
      "src/sequential.ts": 'import "./engine/step.ts"; import "piscina";',
    }),
    [],
  );
});

const faults: Readonly<Record<string, readonly [file: string, source: string]>> = {
  "an import": ["src/network/a.ts", 'import { step } from "../engine/step.ts";'],
  "an import of types": ["src/network/a.ts", 'import type { Step } from "../engine/step.ts";'],
  "a lazy import": ["src/network/layers/a.ts", 'const step = await import("../../engine/step.ts");'],
  "a URL": ["src/network/a.ts", 'new Worker(new URL("../engine/step.ts", import.meta.url));'],
  "the way over an index": ["src/network/a.ts", 'export * from "../index.ts";'],
  "a module of Node": ["src/network/a.ts", 'import { readFileSync } from "node:fs";'],
  "a package": ["src/network/a.ts", 'import "tfjs-core";'],
  "a package whose name begins alike": ["src/engine/a.ts", 'import "tfjs-core-extra";'],
  "a folder whose name begins alike": ["src/engine/a.ts", 'import "../network_files/a.ts";'],
  "a wing for its part that has more rights": ["src/engine/a.ts", 'import "node:fs";'],
};

for (const [what, [file, source]] of Object.entries(faults)) {
  test(`finds ${what} that crosses a border`, (t) => {
    t.is(crossed({ [file]: source }).length, 1);
  });
}
