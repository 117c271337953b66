import { globSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import test from "ava";
import { sourceImports } from "./source_imports.ts";

const root = path.join(import.meta.dirname, "..");
const page = readFileSync(path.join(root, "SECURITY.md"), "utf8");
const promised = page.slice(page.indexOf("| what is read |"), page.indexOf("## What is outside"));
const rows = promised.split("\n").filter((line) => /^\| (?!what is read)/.test(line));
const bullets = promised.split(/^- /m).slice(1);

const testsIn = (text: string): string[] =>
  [...text.matchAll(/`((?:packages|apps|test)\/[^`]+)`/g)].map(([, named]) => named);

test("each row and each promise of SECURITY.md names its tests", (t) => {
  t.true(rows.length >= 6 && bullets.length >= 6);
  for (const promise of [...rows, ...bullets]) t.true(testsIn(promise).length > 0, promise);
});

test("every test that SECURITY.md names is there", (t) => {
  for (const named of testsIn(page)) {
    const at = path.join(root, named);
    const files = statSync(at).isDirectory()
      ? globSync("**/*.test.ts", { cwd: at }).map((file) => path.join(at, file))
      : [at];
    t.true(files.length > 0, named);
    for (const file of files) t.regex(readFileSync(file, "utf8"), /\btest\b/, file);
  }
});

const sources = globSync("{packages,apps}/*/{src,main.mjs}", { cwd: root })
  .flatMap((place) => (place.endsWith(".mjs") ? [place] : globSync(`${place}/**/*.ts`, { cwd: root })))
  .filter((file) => !file.endsWith(".test.ts"));

const network = new Set(["net", "http", "https", "http2", "dgram", "tls", "dns", "inspector", "vm", "quic"]);
/** They start a program that is part of Convoy, or of the system, with arguments of their own. */
const starting = new Set(["apps/trainer/src/kernels/ask_child.ts", "packages/parallel/src/pool/address_space.ts"]);

test("no source opens a port, downloads, or makes code of a text", (t) => {
  t.true(sources.length > 200);
  for (const file of sources) {
    const text = readFileSync(path.join(root, file), "utf8");
    for (const { specifier } of sourceImports(text)) {
      const name = specifier?.replace(/^node:/, "").split("/")[0] ?? "";
      t.false(network.has(name), `${file} imports ${name}`);
      t.false(name === "child_process" && !starting.has(file), `${file} starts programs`);
    }
    t.notRegex(text, /(?<![.#\w])(?:fetch|eval|Function|WebSocket|EventSource|XMLHttpRequest)\(/, file);
  }
});

test("every package of the lockfile has its integrity hash, and none may run a script when it is installed", (t) => {
  const lock = readFileSync(path.join(root, "pnpm-lock.yaml"), "utf8");
  const resolutions = lock.match(/resolution: \{.*/g) ?? [];
  t.true(resolutions.length > 50);
  for (const resolution of resolutions) t.regex(resolution, /integrity: sha512-/);
  const workspace = readFileSync(path.join(root, "pnpm-workspace.yaml"), "utf8");
  t.notRegex(workspace, /onlyBuiltDependencies|dangerouslyAllowAllBuilds/);
  const allowed = /^allowBuilds:\n((?: .*\n)*)/m.exec(workspace)?.[1] ?? "";
  for (const line of allowed.split("\n").filter((each) => each.trim() !== "")) t.regex(line, /: false/);
});
