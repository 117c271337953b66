// Packs what is published, and installs the libraries' files in an empty folder, as someone who has only the registry would:
// node scripts/install_packed.mjs <folder>
import { execFileSync } from "node:child_process";
import { globSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { libraries } from "./libraries.mjs";

const folder = path.resolve(process.argv[2]);
execFileSync(process.execPath, [path.join(import.meta.dirname, "pack_packages.mjs"), folder], { stdio: "inherit" });

const names = libraries.map((name) => `@convoy/${name}`);
const tarball = (name) => `file:${globSync(`convoy-${name}-*.tgz`, { cwd: folder })[0]}`;
const manifest = {
  name: "consumer",
  private: true,
  type: "module",
  dependencies: Object.fromEntries(libraries.map((name) => [`@convoy/${name}`, tarball(name)])),
  // Nothing is published yet: what one package asks of another must be found among the files.
  overrides: Object.fromEntries(names.map((name) => [name, `$${name}`])),
};
writeFileSync(path.join(folder, "package.json"), JSON.stringify(manifest));
const windows = process.platform === "win32";
execFileSync(windows ? "npm.cmd" : "npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"], {
  cwd: folder,
  stdio: ["ignore", "ignore", "inherit"],
  shell: windows,
});
