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
  load: 0.3,
  throttled: undefined,
  productGigaflops: 100,
  ofClock: 0.9,
  ofProduct: 0.6,
} as const;

test("has nothing to say of what the system does not tell", (t) => {
  const silent = { load: undefined, throttled: undefined, ofClock: undefined, disk: undefined };
  t.deepEqual(advice({ ...good, ...silent }), ["Nothing to improve."]);
});

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
  [{ load: 3.24 }, /busy: 3\.2 threads wanted 4 cores in the last minute/],
  [{ throttled: 0.45 }, /used up its quota in 45 % of its time slices/],
  [{ ofClock: 0.2 }, /A core computes 20 % of what it should at its clock/],
  [{ ofProduct: 0.05 }, /Training computes 5 % of what its cores do in bare products/],
  [{ disk: 5e7 }, /Less than 0\.1 GB is free on the disk/],
] as const) {
  test(`says, in one sentence, what to do about ${JSON.stringify(findings)}`, (t) => {
    const lines = advice({ ...good, ...findings });
    t.is(lines.length, 1);
    t.regex(lines[0], says);
  });
}
