import test from "ava";
import { advice } from "./advice.ts";

const good = {
  node: "26.10.0",
  platform: "linux-x64",
  processor: "some",
  cores: 4,
  quota: undefined,
  usable: 4,
  simd: true,
  relaxedSimd: true,
  kernels: "wide",
  memory: 8e9,
  memoryLimit: undefined,
  memoryFree: 4e9,
  disk: 1e10,
  workers: 4,
} as const;

test("has nothing to say of a good machine", (t) => {
  t.deepEqual(advice(good), ["Nothing to improve."]);
});

for (const [findings, says] of [
  [{ quota: 1.5, usable: 1, workers: 1 }, /1\.5 of 4 cores: start with --workers 1/],
  [{ usable: 8, cores: 8 }, /keep 4 of 8 threads busy/],
  [{ simd: false }, /no WebAssembly SIMD/],
  [{ kernels: "narrow" }, /Narrow kernels run/],
  [{ node: "24.12.0" }, /Node 24\.12\.0 works/],
  [{ memoryFree: 5e8 }, /Less than 1 GB of memory/],
  [{ memoryLimit: 5e8 }, /Less than 1 GB of memory/],
  [{ disk: 5e7 }, /Less than 0\.1 GB is free on the disk/],
] as const) {
  test(`says, in one sentence, what to do about ${JSON.stringify(findings)}`, (t) => {
    const lines = advice({ ...good, ...findings });
    t.is(lines.length, 1);
    t.regex(lines[0], says);
  });
}
