import test from "ava";
import { controlBytes } from "../control/words.ts";
import { allocate, checkThreads } from "./addresses.ts";
import { planLayout, type LayoutOptions } from "./layout.ts";

const options: LayoutOptions = {
  parameterCount: 1001,
  stateCount: 2,
  workers: 3,
  parts: 4,
  stepsPerEpoch: 7,
  chunks: 5,
  timingsPerStep: 3,
  snapshot: true,
};

test("vectors start on cache lines of their own and do not overlap", (t) => {
  const { bytes, parameters, state, sums, losses, corrects, scores, timings, snapshot } = planLayout(options);
  const vectors = [
    ...[...parameters, ...state.flat(), ...snapshot].map((address) => ({ address, size: 1001 * 4 })),
    ...sums.map((address) => ({ address, size: 1003 * 4 })),
    { address: losses, size: 28 },
    { address: corrects, size: 28 },
    { address: scores, size: 80 },
    { address: timings, size: 3 * 7 * 3 * 8 },
  ].toSorted((a, b) => a.address - b.address);
  t.is(vectors.length, 2 + 4 + 3 + (3 + 4) + 4);
  let free = controlBytes(3);
  for (const { address, size } of vectors) {
    t.is(address % 64, 0);
    t.true(address >= free);
    free = address + size;
  }
  t.is(bytes, free);
});

test("a snapshot takes room where one is wanted", (t) => {
  t.deepEqual(planLayout({ ...options, snapshot: false }).snapshot, []);
});

test("the memory is shared and holds the layout", (t) => {
  const layout = planLayout(options);
  const { buffer } = allocate(layout);
  t.true(buffer instanceof SharedArrayBuffer);
  t.true(buffer.byteLength >= layout.bytes);
});

test("what WebAssembly cannot address is refused before it is allocated", (t) => {
  const error = t.throws(() => planLayout({ ...options, parameterCount: 2 ** 28 }, Infinity));
  t.like(error, { code: "MEMORY_LIMIT" });
  t.regex(error.message, /268435456 parameters.*need 16385 MiB.*4096 are possible/);
});

test("threads that take more than the machine has are refused before they start", (t) => {
  t.notThrows(() => checkThreads(2 ** 30, 8, 2 ** 33));
  t.throws(() => checkThreads(2 ** 30, 9, 2 ** 33), {
    code: "MEMORY_LIMIT",
    message: /9 workers need 1024 MiB each, .* this machine has 8192\. Use fewer workers/,
  });
});

test("what the machine does not have is refused", (t) => {
  t.throws(() => planLayout(options, 20_000), { code: "MEMORY_LIMIT" });
});
