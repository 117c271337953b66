import { execFile } from "node:child_process";
import { existsSync, globSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import test from "ava";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("..", import.meta.url));
const PACKAGES = ["core", "parallel", "datasets"];
const NPX = process.platform === "win32" ? "npx.cmd" : "npx";
const NPM = process.platform === "win32" ? "npm.cmd" : "npm";

const PROGRAM = `
import { conv2d, dense, flatten, maxPool2d, Sequential, sgd } from "@convoy/core";
import { loadDataset } from "@convoy/datasets";
import { fit } from "@convoy/parallel";

const { train } = await loadDataset("mnist");
const data = { ...train, images: train.images.subarray(0, 640 * 28 * 28), labels: train.labels.subarray(0, 640) };
const layers = [conv2d({ filters: 8, kernelSize: 3, activation: "relu" }), maxPool2d({}), flatten(), dense({ units: 10 })];
const model = new Sequential({ inputShape: [28, 28, 1], layers });
const before = await model.evaluate(data);
await fit(model, data, { epochs: 2, workers: 2, optimizer: sgd({ learningRate: 0.01, momentum: 0.9 }) });
const after = await model.evaluate(data);
console.log(JSON.stringify({ before: before.loss, after: after.loss }));
`;

// tfjs code as it stands, but for its first line.
const TFJS_PROGRAM = `
import "@convoy/core/register";
import * as tf from "@tensorflow/tfjs-core";

await tf.setBackend("wasm");
const filter = tf.variable(tf.randomNormal([3, 3, 1, 4], 0, 0.3, "float32", 1));
const images = tf.randomUniform([8, 6, 6, 1], 0, 1, "float32", 2);
const loss = () => images.conv2d(filter, 1, "same").relu().maxPool(2, 2, "valid").sub(1).square().mean();
const optimizer = tf.train.sgd(0.1);
const before = loss().dataSync()[0];
for (let step = 0; step < 20; step++) optimizer.minimize(loss);
console.log(JSON.stringify({ before, after: loss().dataSync()[0] }));
`;

const COMMONJS_PROGRAM = `
const tf = require("@tensorflow/tfjs-core");
require("@tensorflow/tfjs-backend-wasm");
const { register } = require("@convoy/core");

register(tf);
tf.setBackend("wasm").then(() => {
  const gradient = tf.grad((x) => tf.maxPool(x, 2, 2, "valid").sum())(tf.tensor4d([-1, -2, -3, -4], [1, 2, 2, 1]));
  console.log([...gradient.dataSync()].join(" "));
});
`;

// Each @ts-expect-error fails when the packed types are missing, because everything is \`any\` then.
const TYPED = `
import { dense, flatten, Sequential, type Evaluation, type ImageData } from "@convoy/core";
import { loadDataset, type Dataset } from "@convoy/datasets";
import { fit, type FitOptions } from "@convoy/parallel";

const dataset: Dataset = await loadDataset("mnist");
const data: ImageData = dataset.train;
const model = new Sequential({ inputShape: [28, 28, 1], layers: [flatten(), dense({ units: dataset.classes })] });
const options: FitOptions = { epochs: 1, validation: dataset.test, test: dataset.test };
await fit(model, data, options);
const { accuracy }: Evaluation = await model.evaluate(dataset.test);
console.log(accuracy.toFixed(2));
// @ts-expect-error epochs are a number
await fit(model, data, { epochs: "one" });
// @ts-expect-error a data set is loaded by name
await loadDataset(1);
// @ts-expect-error units are needed
dense({});
`;

let folder: string;

/** Packs the three packages and installs the tarballs, as someone who has only the registry would. */
test.before("the packages pack and install in an empty folder", async (t) => {
  t.timeout(600_000);
  folder = await mkdtemp(join(tmpdir(), "convoy-consumer-"));
  const filters = PACKAGES.flatMap((name) => ["--filter", `@convoy/${name}`]);
  await run(NPX, ["-y", "pnpm@12", ...filters, "--workspace-concurrency=1", "pack", "--pack-destination", folder], {
    cwd: ROOT,
  });
  const files = globSync("*.tgz", { cwd: folder });
  const tarballs = PACKAGES.map((name) => [
    `@convoy/${name}`,
    `file:${files.find((file) => file.startsWith(`convoy-${name}-`))}`,
  ]);
  // Nothing is published yet: what one package asks of another must be found among the tarballs.
  const overrides = Object.fromEntries(PACKAGES.map((name) => [`@convoy/${name}`, `$@convoy/${name}`]));
  const manifest = {
    name: "consumer",
    private: true,
    type: "module",
    dependencies: Object.fromEntries(tarballs),
    overrides,
  };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  await run(NPM, ["install", "--no-audit", "--no-fund"], { cwd: folder });
});

test.after.always(() => rm(folder, { recursive: true, force: true }));

test("a plain JavaScript program of ten lines trains with the packed packages", async (t) => {
  t.timeout(300_000);
  await writeFile(join(folder, "program.mjs"), PROGRAM);
  const { stdout } = await run(process.execPath, ["program.mjs"], { cwd: folder });
  const { before, after }: { before: number; after: number } = JSON.parse(stdout);
  t.true(Number.isFinite(after) && after < 0.75 * before, stdout);
});

test("tfjs trains a convolution after one import", async (t) => {
  t.timeout(300_000);
  await writeFile(join(folder, "tfjs_program.mjs"), TFJS_PROGRAM);
  const { stdout, stderr } = await run(process.execPath, ["tfjs_program.mjs"], { cwd: folder });
  const { before, after }: { before: number; after: number } = JSON.parse(stdout);
  t.true(after < 0.9 * before, stdout);
  t.is(stderr, "");
});

test("a CommonJS program registers the kernels", async (t) => {
  t.timeout(300_000);
  await writeFile(join(folder, "program.cjs"), COMMONJS_PROGRAM);
  const { stdout, stderr } = await run(process.execPath, ["program.cjs"], { cwd: folder });
  t.is(stdout, "1 0 0 0\n");
  t.is(stderr, "");
});

test("a TypeScript program checks against the packed types", async (t) => {
  t.timeout(300_000);
  await writeFile(join(folder, "program.ts"), TYPED);
  const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
  const flags = ["--noEmit", "--strict", "--skipLibCheck", "--target", "esnext", "--module", "nodenext"];
  const types = ["--typeRoots", join(ROOT, "node_modules/@types"), "--types", "node"];
  const { stdout } = await run(process.execPath, [tsc, ...flags, ...types, "program.ts"], { cwd: folder }).catch(
    (error: { stdout: string }) => error,
  );
  t.is(stdout, "");
});

test("there is one copy of core, which parallel shares", (t) => {
  const copies = globSync("node_modules/**/@convoy/core/package.json", { cwd: folder });
  t.deepEqual(copies, [join("node_modules", "@convoy", "core", "package.json")]);
});

for (const name of PACKAGES) {
  test(`@convoy/${name} ships what it runs, its types, and no tests`, async (t) => {
    const installed = join(folder, "node_modules", "@convoy", name);
    const { exports } = JSON.parse(await readFile(join(installed, "package.json"), "utf8"));
    for (const { types, default: code } of Object.values<{ types: string; default: string }>(exports)) {
      t.true(existsSync(join(installed, types)), types);
      t.true(existsSync(join(installed, code)), code);
    }
    t.deepEqual(globSync("**/*.test.*", { cwd: installed }), []);
    t.true(existsSync(join(installed, "LICENSE")));
    t.true(existsSync(join(installed, "README.md")));
  });
}
