// Compiles the AssemblyScript kernels of packages into their wasm/ and generated/, and only when a source, a setting or the
// compiler changed: node scripts/build_kernels.ts <package's folder> …
import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import process from "node:process";

/** `assembly/modules.json` of a package. */
interface Kernels {
  /** WebAssembly modules, each with its file in `assembly/`, and what of the compiler it needs besides. */
  readonly modules: readonly { readonly name: string; readonly source: string; readonly flags: readonly string[] }[];
  /** Files in `generated/`, and what each exports: modules by name. */
  readonly generated: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

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

const repository = path.resolve(import.meta.dirname, "..");

/** Of all packages: one's kernels may share functions of another's. */
const sources = hashOf([
  ...globSync("packages/*/assembly/**/*.ts", { cwd: repository }).toSorted(),
  "scripts/build_kernels.ts",
  createRequire(import.meta.url).resolve("assemblyscript/package.json"),
]);

for (const folder of process.argv.slice(2)) await build(path.resolve(folder));

async function build(root: string): Promise<void> {
  const description = readFileSync(path.join(root, "assembly/modules.json"), "utf8");
  const { modules, generated }: Kernels = JSON.parse(description);
  const output = path.join(root, "wasm");
  const stamp = path.join(output, "kernels.sha256");
  const digest = createHash("sha256").update(sources).update(description).update(settings.join(" ")).digest("hex");
  const files = Object.keys(generated).map((name) => path.join(root, "generated", `${name}.js`));
  if ([...files, stamp].every((file) => existsSync(file)) && readFileSync(stamp, "utf8") === digest) return;

  const { default: asc } = await import("assemblyscript/asc");
  mkdirSync(output, { recursive: true });
  mkdirSync(path.join(root, "generated"), { recursive: true });
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
  for (const [file, exported] of Object.entries(generated)) writeInside(root, file, exported);
  writeFileSync(stamp, digest);
}

/** Kernels as part of the program: a bundle then needs no file beside it. */
function writeInside(root: string, file: string, exported: Readonly<Record<string, string>>): void {
  let code = "";
  let types = "";
  for (const [name, module] of Object.entries(exported)) {
    const bytes = readFileSync(path.join(root, "wasm", `${module}.wasm`));
    code += `export const ${name} = "${bytes.toString("base64")}";\n`;
    types += `export declare const ${name}: string;\n`;
  }
  write(path.join(root, "generated", `${file}.js`), code);
  write(path.join(root, "generated", `${file}.d.ts`), types);
}

function write(file: string, text: string): void {
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, text);
  renameSync(temporary, file);
}

function hashOf(names: readonly string[]): string {
  const hash = createHash("sha256");
  for (const name of names) hash.update(path.basename(name)).update(readFileSync(path.resolve(repository, name)));
  return hash.digest("hex");
}
