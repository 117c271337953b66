import test from "ava";
import { CoreClock } from "./usage.ts";

test("a thread that sleeps has hardly any of a core, and one that computes has some", (t) => {
  const asleep = new CoreClock();
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  t.true(asleep.share()! < 0.5);
  const awake = new CoreClock();
  const start = performance.now();
  while (performance.now() - start < 50);
  t.true(awake.share()! > 0);
});
