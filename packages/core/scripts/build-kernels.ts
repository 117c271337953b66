// Compiles the AssemblyScript kernels into wasm/, and only when a source, a setting or the compiler changed.
import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import process from "node:process";

const root = path.resolve(import.meta.dirname, "..");
const output = path.join(root, "wasm");
const stamp = path.join(output, "kernels.sha256");

/** `replica` runs in the tfjs backend's own memory; `shared` in the memory that all workers share. */
const modules = [
  { name: "replica", flags: ["--initialMemory", "1"] },
  {
    name: "shared",
    flags: ["--initialMemory", "1", "--maximumMemory", "65536", "--sharedMemory", "--enable", "threads"],
  },
];

const settings = [
  "-O3",
  "--noAssert",
  "--runtime",
  "stub",
  "--importMemory",
  "--enable",
  "simd,bulk-memory,relaxed-simd",
  "--use",
  "abort=",
];

const hash = createHash("sha256").update(JSON.stringify({ modules, settings }));
const sources = [
  ...globSync("assembly/**/*.ts", { cwd: root }).toSorted(),
  createRequire(import.meta.url).resolve("assemblyscript/package.json"),
];
for (const source of sources) hash.update(path.basename(source)).update(readFileSync(path.resolve(root, source)));
const digest = hash.digest("hex");
if (existsSync(stamp) && readFileSync(stamp, "utf8") === digest) process.exit(0);

const { default: asc } = await import("assemblyscript/asc");
mkdirSync(output, { recursive: true });
for (const { name, flags } of modules) {
  const target = path.join(output, `${name}.wasm`);
  const temporary = `${target}.${process.pid}`;
  const text = `${temporary}.wat`;
  const { error } = await asc.main(
    [`assembly/${name}.ts`, "--baseDir", root, "-o", temporary, "-t", text, ...settings, ...flags],
    { stdout: process.stderr, stderr: process.stderr },
  );
  if (error) throw new Error(`KERNELS_BUILD: assembly/${name}.ts does not compile: ${error.message}`);
  // Static data would be written over the tfjs binary's own, at the same addresses.
  if (readFileSync(text, "utf8").includes("(data ")) {
    throw new Error(`KERNELS_BUILD: assembly/${name}.ts has static data; kernels work on pointers only`);
  }
  renameSync(temporary, target);
  renameSync(text, path.join(output, `${name}.wat`));
}
writeFileSync(stamp, digest);
