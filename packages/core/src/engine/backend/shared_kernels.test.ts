import { execFile } from "node:child_process";
import process from "node:process";
import { promisify } from "node:util";
import test from "ava";
import { instantiateSharedKernels } from "./shared_kernels.ts";

const execute = promisify(execFile);

function floats(...values: number[]) {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 2, shared: true });
  const array = new Float32Array(memory.buffer);
  array.set(values);
  return { array, kernels: instantiateSharedKernels(memory) };
}

test("add sums in place and touches nothing beside the slice", (t) => {
  const { array, kernels } = floats(9, 1, 2, 3, 4, 5, 6, 9, 10, 20, 30, 40, 50, 60);
  kernels.add(4, 32, 6);
  t.deepEqual([...array.subarray(0, 15)], [9, 11, 22, 33, 44, 55, 66, 9, 10, 20, 30, 40, 50, 60, 0]);
});

test("add of no floats does nothing", (t) => {
  const { array, kernels } = floats(1, 2);
  kernels.add(0, 4, 0);
  t.deepEqual([...array.subarray(0, 2)], [1, 2]);
});

test("add gives the bits of float32 addition at every offset and length", (t) => {
  for (let offset = 0; offset < 5; offset++) {
    for (let count = 0; count < 12; count++) {
      const { array, kernels } = floats();
      for (let i = 0; i < 64; i++) array[i] = Math.fround(Math.sin(i) / 3);
      const expected = array.slice();
      for (let i = 0; i < count; i++) {
        expected[offset + i] = Math.fround(expected[offset + i] + expected[30 + offset + i]);
      }
      kernels.add(offset * 4, (30 + offset) * 4, count);
      t.deepEqual(array, expected);
    }
  }
});

test("finite finds NaN and both infinities wherever they stand, and only inside the slice", (t) => {
  for (const bad of [Number.NaN, -Number.NaN, Infinity, -Infinity]) {
    for (let at = 0; at < 12; at++) {
      const { array, kernels } = floats();
      array[at] = bad;
      const inside = at >= 1 && at < 11;
      t.is(kernels.finite(4, 10), inside ? 0 : 1, `${bad} at ${at}`);
    }
  }
});

test("finite accepts the largest and the smallest floats", (t) => {
  const largest = 3.4028234663852886e38;
  const { kernels } = floats(largest, -largest, 1e-45, -1e-45, -0);
  t.is(kernels.finite(0, 5), 1);
  t.is(kernels.finite(0, 0), 1);
});

test("a memory that is not shared is refused", (t) => {
  const memory = new WebAssembly.Memory({ initial: 1 });
  t.throws(() => instantiateSharedKernels(memory), { code: "KERNELS_MEMORY" });
});

const onX64 = process.arch === "x64" ? test : test.skip;
onX64("an engine without SIMD is told what it lacks (skipped but on x64, where a flag takes SIMD away)", async (t) => {
  const program = `
    import { instantiateSharedKernels } from ${JSON.stringify(new URL("shared_kernels.ts", import.meta.url))};
    try { instantiateSharedKernels(new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true })); }
    catch (error) { console.log(error.code); }`;
  const { stdout } = await execute(process.execPath, ["--no-enable-sse4-1", "--input-type=module", "-e", program]);
  t.is(stdout, "KERNELS_UNSUPPORTED\n");
});
