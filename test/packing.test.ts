import { execFile } from "node:child_process";
import { existsSync, globSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import test from "ava";
import { build } from "esbuild";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("..", import.meta.url));
const PACKAGES = ["core", "tfjs", "parallel", "datasets"];

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
import "@convoy/tfjs/register";
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
const { register } = require("@convoy/tfjs");

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

// Shapes as plain TypeScript infers them, and every way in.
const STRICT = `
import * as core from "@convoy/core";
import * as datasets from "@convoy/datasets";
import * as parallel from "@convoy/parallel";
export * as progress from "@convoy/parallel/progress";
export * as engine from "@convoy/core/engine";
export * as replica from "@convoy/core/replica";
export * as training from "@convoy/core/training";
export * as verify from "@convoy/core/verify";
export * as tfjs from "@convoy/tfjs";
export * as tfjsReplica from "@convoy/tfjs/replica";
export * as tape from "@convoy/tfjs/tape";
import "@convoy/tfjs/register";

const shape: number[] = [8, 8, 1];
const pair: number[] = [3, 3];
const layers = [core.conv2d({ filters: 1, kernelSize: pair }), core.flatten(), core.dense({ units: 2 })];
const model = new core.Sequential({ inputShape: shape, layers });
void parallel.fit(model, { images: new Uint8Array(64), labels: [0], shape }, { epochs: 1 });
void datasets.loadDataset("mnist");
// @ts-expect-error no model
void parallel.fit(5, { images: new Uint8Array(64), labels: [0], shape });
`;

const SMALL = `
import { dense, flatten, Sequential } from "@convoy/core";
import { fit } from "@convoy/parallel";
async function main() {
  const model = new Sequential({ inputShape: [8, 8, 1], layers: [flatten(), dense({ units: 2 })] });
  const data = { images: new Uint8Array(64 * 64), labels: Array.from({ length: 64 }, (_, i) => i % 2), shape: [8, 8, 1] };
  await fit(model, data, { workers: 2 });
  console.log("trained");
}
main().catch((error) => console.log(error.message));
`;

/** A folder that scripts/install_packed.mjs has filled, where the build has one already. */
const given = process.env["CONVOY_PACKED"];
let folder: string;

test.before("the packages pack and install in an empty folder", async (t) => {
  t.timeout(600_000);
  folder = given ?? (await mkdtemp(join(tmpdir(), "convoy-consumer-")));
  if (given === undefined)
    await run(process.execPath, [join(ROOT, "scripts/install_packed.mjs"), folder], { cwd: ROOT });
});

test.after.always(async () => {
  if (given === undefined) await rm(folder, { recursive: true, force: true });
});

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

// Each library and each way to resolve modules once: what TypeScript makes of the one does not depend on the other.
for (const [lib, resolution] of [
  ["esnext,dom", ["esnext", "--moduleResolution", "bundler"]],
  ["esnext", ["nodenext"]],
] as const) {
  test(`TypeScript checks programs against the packed types, and finds no fault of ours in them, with lib ${lib} and module ${resolution.at(-1)}`, async (t) => {
    t.timeout(300_000);
    await writeFile(join(folder, "program.ts"), TYPED);
    await writeFile(join(folder, "strict.ts"), STRICT);
    const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
    const flags = ["--noEmit", "--strict", "--skipLibCheck", "false", "--target", "esnext", "--lib", lib];
    const types = ["--typeRoots", join(ROOT, "node_modules/@types"), "--types", "node", "--module", ...resolution];
    const { stdout } = await run(process.execPath, [tsc, ...flags, ...types, "program.ts", "strict.ts"], {
      cwd: folder,
      maxBuffer: 2 ** 26,
    }).catch((error: { stdout: string }) => error);
    // tfjs's own types want lib dom, and clash with it.
    t.deepEqual(
      stdout.split("\n").filter((line) => /^(node_modules\/@convoy\/|(program|strict)\.ts)/.test(line)),
      [],
    );
  });
}

for (const format of ["esm", "cjs"] as const) {
  test(`a bundle of everything, as ${format}, is told at once what to leave outside`, async (t) => {
    t.timeout(300_000);
    const name = format === "esm" ? "bundled.mjs" : "bundled.cjs";
    const stdin = { contents: SMALL, resolveDir: folder };
    const outfile = join(folder, "out", name);
    await build({ stdin, bundle: true, platform: "node", format, outfile, logLevel: "silent" });
    const { stdout } = await run(process.execPath, [outfile], { cwd: folder });
    t.regex(stdout, /^BUNDLED: fit starts threads.*esbuild --packages=external/);
  });
}

test("a bundle that leaves packages outside trains, and one that leaves tfjs outside predicts", async (t) => {
  t.timeout(300_000);
  const common = { bundle: true, platform: "node", format: "esm", logLevel: "silent" } as const;
  const trains = join(folder, "out", "trains.mjs");
  await build({ ...common, stdin: { contents: SMALL, resolveDir: folder }, packages: "external", outfile: trains });
  t.is((await run(process.execPath, [trains], { cwd: folder })).stdout, "trained\n");
  const contents = `
    import { dense, flatten, Sequential } from "@convoy/core";
    const model = new Sequential({ inputShape: [8, 8, 1], layers: [flatten(), dense({ units: 2 })] });
    console.log((await model.predict(new Uint8Array(64))).length);`;
  const predicts = join(folder, "out", "predicts.mjs");
  await build({ ...common, stdin: { contents, resolveDir: folder }, external: ["@tensorflow/*"], outfile: predicts });
  t.is((await run(process.execPath, [predicts], { cwd: folder })).stdout, "2\n");
});

test("--jitless is named as what takes WebAssembly away, before a thread starts", async (t) => {
  await writeFile(join(folder, "small.mjs"), SMALL);
  const { stdout } = await run(process.execPath, ["--jitless", "small.mjs"], { cwd: folder });
  t.regex(stdout, /^KERNELS_UNSUPPORTED: Node .* has no WebAssembly, because it was started with --jitless/);
});

const onLinux = process.platform === "linux" ? test : test.skip;
onLinux("a limit on addresses is named as what keeps threads away (skipped but on Linux)", async (t) => {
  await writeFile(join(folder, "small.mjs"), SMALL);
  const limited = ["-c", 'ulimit -v 8388608 && exec "$@"', "sh", process.execPath, "small.mjs"];
  const { stdout } = await run("sh", limited, { cwd: folder });
  t.regex(stdout, /^ADDRESS_SPACE: WebAssembly in 2 threads .* may have 8\.0 \(ulimit -v\)/);
});

for (const name of [...PACKAGES, "trainer"]) {
  test(`publint and attw find nothing in the file of @convoy/${name}`, async (t) => {
    t.timeout(300_000);
    const tarball = join(folder, globSync(`convoy-${name}-*.tgz`, { cwd: folder })[0]);
    const checks = [["publint/src/cli.js", "run", "--strict", tarball]];
    // The trainer is a program, and has no types.
    const attw = ["@arethetypeswrong/cli/dist/index.js", "--profile", "esm-only", tarball];
    if (name !== "trainer") checks.push(attw);
    for (const [program, ...argv] of checks) {
      const failed = await run(process.execPath, [join(ROOT, "node_modules", program), ...argv]).then(
        () => undefined,
        (error: { stdout: string; stderr: string }) => error.stdout + error.stderr,
      );
      t.is(failed, undefined);
    }
  });
}

for (const name of PACKAGES) {
  test(`the published files of @convoy/${name} name no source that is not there`, async (t) => {
    const installed = join(folder, "node_modules", "@convoy", name);
    const missing: string[] = [];
    for (const file of globSync("dist/**/*.{js,d.ts}", { cwd: installed })) {
      const text = await readFile(join(installed, file), "utf8");
      for (const [, source] of text.matchAll(/(?:from |import\(|URL\(|resolve\()["'`](\.[^"'`\n]*\.ts)["'`]/g)) {
        if (!existsSync(join(installed, file, "..", source))) missing.push(`${file}: ${source}`);
      }
    }
    t.deepEqual(missing, []);
  });
}

test("there is one copy of core, which the others share", (t) => {
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
