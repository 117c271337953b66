// Compiles the AssemblyScript kernels into wasm/ and generated/, and only when a source, a setting or the compiler changed.
import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import process from "node:process";

const root = path.resolve(import.meta.dirname, "..");
const output = path.join(root, "wasm");
const generated = path.join(root, "generated");
const stamp = path.join(output, "kernels.sha256");

const relaxed = ["--enable", "relaxed-simd"];

/** `replica` and `tfjs` run in the tfjs backend's own memory; `shared` in the memory that all workers share. */
const modules = [
  { name: "replica", source: "replica", flags: relaxed },
  {
    name: "shared",
    source: "shared",
    flags: [...relaxed, "--maximumMemory", "65536", "--sharedMemory", "--enable", "threads"],
  },
  { name: "tfjs", source: "tfjs", flags: relaxed },
  // For browsers without relaxed SIMD.
  { name: "tfjs_simd", source: "tfjs", flags: [] },
];

const settings = [
  "-O3",
  "--noAssert",
  "--runtime",
  "stub",
  "--importMemory",
  "--initialMemory",
  "1",
  "--enable",
  "simd,bulk-memory",
  "--use",
  "abort=",
];

const hash = createHash("sha256").update(JSON.stringify({ modules, settings }));
const sources = [
  ...globSync("assembly/**/*.ts", { cwd: root }).toSorted(),
  "scripts/build-kernels.ts",
  createRequire(import.meta.url).resolve("assemblyscript/package.json"),
];
for (const source of sources) hash.update(path.basename(source)).update(readFileSync(path.resolve(root, source)));
const digest = hash.digest("hex");
const embedded = ["kernels", "tfjs_kernels"].map((name) => path.join(generated, `${name}.js`));
if (embedded.every((file) => existsSync(file)) && existsSync(stamp) && readFileSync(stamp, "utf8") === digest)
  process.exit(0);

const { default: asc } = await import("assemblyscript/asc");
mkdirSync(output, { recursive: true });
mkdirSync(generated, { recursive: true });
for (const { name, source, flags } of modules) {
  const target = path.join(output, `${name}.wasm`);
  const temporary = `${target}.${process.pid}`;
  const text = `${temporary}.wat`;
  const { error } = await asc.main(
    [`assembly/${source}.ts`, "--baseDir", root, "-o", temporary, "-t", text, ...settings, ...flags],
    { stdout: process.stderr, stderr: process.stderr },
  );
  if (error) throw new Error(`KERNELS_BUILD: assembly/${source}.ts does not compile: ${error.message}`);
  // Static data would be written over the tfjs binary's own, at the same addresses.
  if (readFileSync(text, "utf8").includes("(data ")) {
    throw new Error(`KERNELS_BUILD: assembly/${source}.ts has static data; kernels work on pointers only`);
  }
  renameSync(temporary, target);
  renameSync(text, path.join(output, `${name}.wat`));
}
writeInside("kernels", { replica: "replica", shared: "shared" });
writeInside("tfjs_kernels", { relaxed: "tfjs", simd: "tfjs_simd" });
writeFileSync(stamp, digest);

/** Kernels as part of the program: a bundle then needs no file beside it. */
function writeInside(file: string, exported: Readonly<Record<string, string>>): void {
  let code = "";
  let types = "";
  for (const [name, module] of Object.entries(exported)) {
    code += `export const ${name} = "${readFileSync(path.join(output, `${module}.wasm`)).toString("base64")}";\n`;
    types += `export declare const ${name}: string;\n`;
  }
  write(`${file}.js`, code);
  write(`${file}.d.ts`, types);
}

function write(file: string, text: string): void {
  const temporary = path.join(generated, `${file}.${process.pid}`);
  writeFileSync(temporary, text);
  renameSync(temporary, path.join(generated, file));
}
