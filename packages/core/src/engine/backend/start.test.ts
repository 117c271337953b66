import { execFile } from "node:child_process";
import process from "node:process";
import { promisify } from "node:util";
import test from "ava";
import type { StepKernels } from "../step/step_kernels.ts";
import { startBackend } from "./start.ts";

const execute = promisify(execFile);

const source = new URL("start.ts", import.meta.url).href;

/** What a new process prints that starts the backend after `preparation`: the code and the message of its error. */
async function failure(preparation: string, flags: readonly string[] = []): Promise<string> {
  const program = `
    import { registerHooks } from "node:module";
    ${preparation}
    const { startBackend } = await import(${JSON.stringify(source)});
    try { await startBackend(); } catch (error) { console.log(error.message); }`;
  const { stdout, stderr } = await execute(process.execPath, [...flags, "--input-type=module", "-e", program]);
  return stdout + stderr;
}

test("starts once, whoever asks", async (t) => {
  const [first, second] = await Promise.all([startBackend(), startBackend()]);
  t.is(first, second);
  t.is(first.tf.getBackend(), "wasm");
  t.is(await startBackend(), first);
});

test("gives memory that the kernels reach, and takes it back", async (t) => {
  const backend = await startBackend();
  // The exports of assembly/step, as StepKernels repeats them.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const kernels = backend.kernels as unknown as StepKernels;
  const addresses = [1, 40, 7].map((bytes) => backend.malloc(bytes));
  for (const address of addresses) t.is(address % 8, 0);
  const bytes = new Uint8Array(backend.memory.buffer, addresses[1], 40).fill(9);
  kernels.fillZero(addresses[1], 39);
  t.deepEqual([...bytes], [...Array.from({ length: 39 }, () => 0), 9]);
  for (const address of addresses) backend.free(address);
});

test("says so when the memory does not suffice", async (t) => {
  const backend = await startBackend();
  // Sizes that the backend's own malloc answers with a small block.
  for (const bytes of [2 ** 32 - 4096, 2 ** 32 + 8]) {
    t.throws(() => backend.malloc(bytes), { code: "MEMORY_EXHAUSTED", message: /4,294,96\d,\d+ bytes.*smaller batch/ });
  }
});

for (const name of ["tfjs-core", "tfjs-backend-wasm"]) {
  test(`says what to install when ${name} is missing`, async (t) => {
    const missing = `registerHooks({ resolve(specifier, context, next) {
      if (specifier === "@tensorflow/${name}") throw new Error("Cannot find package");
      return next(specifier, context);
    } });`;
    t.regex(
      await failure(missing),
      /^BACKEND_UNAVAILABLE: .*Install @tensorflow\/tfjs-core and @tensorflow\/tfjs-backend/,
    );
  });
}

const onX64 = process.arch === "x64" ? test : test.skip;
onX64("an engine without SIMD is told what it lacks (skipped but on x64, where a flag takes SIMD away)", async (t) => {
  t.regex(
    await failure("", ["--no-enable-sse4-1"]),
    /^KERNELS_UNSUPPORTED: .* no WebAssembly SIMD, because it was started with --no-enable-sse4-1/,
  );
});
