import { execFile } from "node:child_process";
import path from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import test from "ava";

const execute = promisify(execFile);

// Each program gets a process, and so a registry, of its own; one after the other, not to be many at once. A program prints the
// value of its last line.
const opening = `
import { createRequire } from "node:module";
const require = createRequire(import.meta.url);
const { register, unregister } = await import("./src/mend/register.ts");
const gradient = (tf) => tf.tidy(() => {
  const filter = tf.tensor4d([1, 2, 3, 4], [2, 2, 1, 1]);
  const image = tf.tensor4d([1, -2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]);
  const dw = tf.grad((f) => tf.sum(tf.conv2d(image, f, 1, "valid")))(filter);
  return [...dw.dataSync()];
});
const kernelsOf = (tf) => new Map(tf.getKernelsForBackend("wasm").map((kernel) => [kernel.kernelName, kernel]));
`;

/** Sums of the image under each weight: 1 - 2 + 4 + 5, -2 + 3 + 5 + 6, 4 + 5 + 7 + 8, 5 + 6 + 8 + 9. */
const expectedGradient = [8, 12, 24, 28];

async function run(program: string): Promise<unknown> {
  const lines = program.trim().split("\n");
  const last = lines.pop() ?? "";
  const source = `${opening}${lines.join("\n")}\nconsole.log(JSON.stringify(${last.trim()}));`;
  const { stdout, stderr } = await execute(process.execPath, ["--input-type=module", "-e", source], {
    cwd: path.resolve(import.meta.dirname, "../.."),
  });
  if (stderr !== "") throw new Error(stderr);
  return JSON.parse(stdout);
}

const packages = {
  "CommonJS, before the backend starts": `
    const tf = require("@tensorflow/tfjs-core");
    require("@tensorflow/tfjs-backend-wasm");
    register(tf);
    await tf.setBackend("wasm");
    gradient(tf)`,
  "an ES module, after the backend started": `
    const tf = await import("@tensorflow/tfjs-core");
    await import("@tensorflow/tfjs-backend-wasm");
    await tf.setBackend("wasm");
    register(tf);
    gradient(tf)`,
  "twice, by both": `
    const tf = await import("@tensorflow/tfjs-core");
    await import("@tensorflow/tfjs-backend-wasm");
    register(tf);
    register(require("@tensorflow/tfjs-core"));
    await tf.setBackend("wasm");
    gradient(tf)`,
  "and the backend is removed and started again": `
    const tf = await import("@tensorflow/tfjs-core");
    await import("@tensorflow/tfjs-backend-wasm");
    register(tf);
    await tf.setBackend("wasm");
    gradient(tf);
    const { factory } = tf.engine().registryFactory.wasm;
    tf.removeBackend("wasm");
    tf.registerBackend("wasm", factory, 2);
    await tf.setBackend("wasm");
    gradient(tf)`,
  "in a worker thread": `
    const { Worker } = await import("node:worker_threads");
    const { once } = await import("node:events");
    const worker = new Worker(\`
      const { parentPort, workerData } = require("node:worker_threads");
      const tf = require("@tensorflow/tfjs-core");
      require("@tensorflow/tfjs-backend-wasm");
      import(workerData).then(async ({ register }) => {
        register(tf);
        await tf.setBackend("wasm");
        const dw = tf.grad((f) => tf.sum(tf.conv2d(tf.ones([1, 3, 3, 1]), f, 1, "valid")))(tf.ones([2, 2, 1, 1]));
        parentPort.postMessage([...dw.dataSync()].map((sum) => sum * 2));
      });\`, { eval: true, execArgv: [], workerData: new URL("src/mend/register.ts", "file://" + process.cwd() + "/").href });
    const [sums] = await once(worker, "message");
    sums`,
};

for (const [when, program] of Object.entries(packages)) {
  test.serial(`convolutions train with tfjs-core and the backend alone: ${when}`, async (t) => {
    t.deepEqual(await run(program), when.includes("worker") ? [8, 8, 8, 8] : expectedGradient);
  });
}

test.serial("unregister gives the very kernels and gradients back that were there", async (t) => {
  for (const layers of ["", `require("@tensorflow/tfjs-layers");`]) {
    const report = await run(`
      const tf = require("@tensorflow/tfjs-core");
      require("@tensorflow/tfjs-backend-wasm");
      ${layers}
      const before = kernelsOf(tf);
      const gradients = ["Conv2D", "MaxPool", "Sum", "Relu"].map((name) => tf.getGradient(name));
      register(tf);
      const own = [...kernelsOf(tf).values()].filter((kernel) => before.get(kernel.kernelName) !== kernel).length;
      unregister();
      unregister();
      const after = kernelsOf(tf);
      const changed = [...after].filter(([name, kernel]) => before.get(name) !== kernel).map(([name]) => name);
      const sameGradients = gradients.every((config, i) => tf.getGradient(["Conv2D", "MaxPool", "Sum", "Relu"][i]) === config);
      ({ replaced: own >= before.size, size: after.size - before.size, changed, sameGradients })`);
    t.deepEqual(report, { replaced: true, size: 0, changed: [], sameGradients: true });
  }
});

test.serial("what tfjs-layers registers after us stays when ours is taken back", async (t) => {
  const report = await run(`
    const tf = require("@tensorflow/tfjs-core");
    require("@tensorflow/tfjs-backend-wasm");
    register(tf);
    require("@tensorflow/tfjs-layers");
    const theirs = tf.getGradient("Sum");
    unregister();
    await tf.setBackend("wasm");
    const dx = [...tf.grad((x) => tf.sum(x))(tf.ones([2])).dataSync()];
    [tf.getGradient("Sum") === theirs, dx]`);
  t.deepEqual(report, [true, [1, 1]]);
});

test.serial(
  "a mended gradient is put back after tfjs-layers has registered its own, and gives way to it in the end",
  async (t) => {
    const report = await run(`
    const tf = require("@tensorflow/tfjs-core");
    const { registerGradients } = await import("./src/mend/gradients.ts");
    const gradFunc = () => ({});
    const gradients = registerGradients(tf, { Relu: () => ({ inputsToSave: ["x"], gradFunc }) });
    const isOurs = () => tf.getGradient("Relu")?.gradFunc === gradFunc;
    const first = isOurs();
    require("@tensorflow/tfjs-layers");
    const theirs = tf.getGradient("Relu");
    const imported = isOurs();
    gradients.keep.Relu();
    const kept = isOurs();
    gradients.undo();
    ({ first, imported, kept, restored: tf.getGradient("Relu") === theirs })`);
    t.deepEqual(report, { first: true, imported: false, kept: true, restored: true });
  },
);

test.serial("a wrong argument, and a backend that was not imported, are refused with a code", async (t) => {
  const report = await run(`
    const codes = [undefined, {}, "tf", require("@tensorflow/tfjs-core")].map((tf) => {
      try { register(tf); } catch ({ name, code, message }) { return [name, code, message.includes("mport")]; }
    });
    codes`);
  t.deepEqual(report, [
    ["TfjsError", "TFJS_INSTANCE", true],
    ["TfjsError", "TFJS_INSTANCE", true],
    ["TfjsError", "TFJS_INSTANCE", true],
    ["TfjsError", "TFJS_BACKEND", true],
  ]);
});

test.serial("of all kernels that tfjs names, these are missing", async (t) => {
  const missing = await run(`
    const tf = require("@tensorflow/tfjs-core");
    require("@tensorflow/tfjs-backend-wasm");
    register(tf);
    const present = kernelsOf(tf);
    const names = Object.entries(tf).filter(([key, value]) => /^(_|[A-Z])/.test(key) && value === key).map(([key]) => key);
    names.filter((name) => !present.has(name)).toSorted()`);
  // The CPU backend lacks these too.
  const onCpuNeither = [
    "BroadcastTo",
    "FromPixels",
    "LogSoftmax",
    "LowerBound",
    "MatrixBandPart",
    "Pool",
    "UpperBound",
  ];
  const ofCanvas = ["Draw"];
  const ofStrings = ["StaticRegexReplace"];
  const ofRagged = ["RaggedGather", "RaggedRange", "RaggedTensorToTensor"];
  t.deepEqual(missing, [...onCpuNeither, ...ofCanvas, ...ofStrings, ...ofRagged].toSorted());
});
