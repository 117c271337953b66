// Packs what is published into a folder: node scripts/pack_packages.mjs <folder>
// The trainer's file carries our own packages inside, so that `npx` of it needs nothing of ours from a registry.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { libraries } from "./libraries.mjs";

const root = path.join(import.meta.dirname, "..");
const windows = process.platform === "win32";

function run(program, argv, cwd) {
  const name = windows ? `${program}.cmd` : program;
  execFileSync(name, argv, { cwd, stdio: ["ignore", "ignore", "inherit"], shell: windows });
}

const read = (file) => JSON.parse(readFileSync(file, "utf8"));

const folder = path.resolve(process.argv[2]);
mkdirSync(folder, { recursive: true });

// What prepack does for one package, once for all of them.
execFileSync(process.execPath, ["scripts/build_kernels.ts", "packages/core", "packages/tfjs"], {
  cwd: root,
  stdio: "inherit",
});
execFileSync(process.execPath, ["packages/tfjs/scripts/bundle-gradients.ts"], { cwd: root, stdio: "inherit" });
const tsc = path.join(root, "node_modules/typescript/bin/tsc");
execFileSync(process.execPath, [tsc, "--build", "--force", "apps/trainer"], { cwd: root, stdio: "inherit" });
for (const name of libraries) {
  const cwd = path.join(root, "packages", name);
  execFileSync(process.execPath, [path.join(root, "scripts/finish_declarations.mjs")], { cwd, stdio: "inherit" });
}
const filters = [...libraries, "trainer"].flatMap((name) => ["--filter", `@convoy/${name}`]);
const pack = ["--loglevel=error", "--config.ignore-scripts=true", "pack", "--pack-destination", folder];
run("npx", ["-y", "pnpm@12", ...filters, ...pack], root);

const { version } = read(path.join(root, "apps/trainer/package.json"));
const stage = mkdtempSync(path.join(tmpdir(), "convoy-pack-"));
try {
  unpack("trainer", stage);
  const file = path.join(stage, "package.json");
  const manifest = read(file);
  for (const name of libraries) {
    const inside = path.join(stage, "node_modules/@convoy", name);
    unpack(name, inside);
    // npm installs nothing for a package that comes inside of another one.
    Object.assign(manifest.dependencies, read(path.join(inside, "package.json")).dependencies);
  }
  for (const name of libraries) manifest.dependencies[`@convoy/${name}`] = version;
  manifest.bundleDependencies = libraries.map((name) => `@convoy/${name}`);
  // What is here is built.
  delete manifest.scripts;
  writeFileSync(file, `${JSON.stringify(manifest, undefined, 2)}\n`);
  run("npm", ["pack", "--silent", "--pack-destination", folder], stage);
} finally {
  rmSync(stage, { recursive: true, force: true });
}

function unpack(name, target) {
  mkdirSync(target, { recursive: true });
  const file = path.join(folder, `convoy-${name}-${version}.tgz`);
  execFileSync("tar", ["-xzf", file, "-C", target, "--strip-components=1"]);
}
