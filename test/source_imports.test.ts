import test from "ava";
import { sourceImports } from "./source_imports.ts";

function specifiers(source: string): (string | undefined)[] {
  return sourceImports(source).map(({ specifier }) => specifier);
}

test("sees every form of an import", (t) => {
  t.deepEqual(specifiers('import a from "a"; import { b, type B } from "b"; import * as c from \'c\';'), [
    "a",
    "b",
    "c",
  ]);
  t.deepEqual(specifiers('import type { D } from "d"; export { e } from "e"; export * from "f"; import "g";'), [
    "d",
    "e",
    "f",
    "g",
  ]);
  t.deepEqual(specifiers('import {\n  a,\n  b,\n} from "./long.ts";'), ["./long.ts"]);
  t.deepEqual(specifiers('const a = await import("./lazy.ts"); type B = typeof import("./b.ts");'), [
    "./lazy.ts",
    "./b.ts",
  ]);
  t.deepEqual(specifiers('import.meta.resolve(url.endsWith(".ts") ? "./worker.ts" : "./worker.js")'), [
    "./worker.ts",
    "./worker.js",
  ]);
  t.deepEqual(specifiers('const fs = require("node:fs");'), ["node:fs"]);
});

test("passes over comments and strings", (t) => {
  t.deepEqual(specifiers('/** import { fit } from "a"; */\n// import "b";\nconst text = "import c from \'c\'";'), []);
  t.deepEqual(specifiers('const url = "https://example.org"; import d from "d";'), ["d"]);
});

test("reports an import whose name is computed, and where", (t) => {
  t.deepEqual(sourceImports("\n\nawait import(name);"), [{ specifier: undefined, line: 3 }]);
});

test("sees code that a URL names, and what it cannot read of one", (t) => {
  t.deepEqual(specifiers('new Worker(new URL("./a.ts", import.meta.url)); new URL("b.mjs", import.meta.url).href;'), [
    "./a.ts",
    "./b.mjs",
  ]);
  t.deepEqual(specifiers("new URL(`probe.${extension}`, import.meta.url)"), ["./probe.ts"]);
  t.deepEqual(specifiers("new URL(`${name}.ts`, import.meta.url); new URL(name, import.meta.url)"), [
    undefined,
    undefined,
  ]);
  t.deepEqual(
    specifiers('new URL("../package.json", import.meta.url); new URL("a.ts", base); new URL(import.meta.url)'),
    [],
  );
});
