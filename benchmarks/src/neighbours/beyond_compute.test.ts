import test from "ava";
import { beyondCompute } from "./beyond_compute.ts";

/** 20 steps, of which two are fast. */
function steps(compute: number) {
  return Array.from({ length: 20 }, (_, i) => ({ compute, all: i < 2 ? 10 : 100 }));
}

test("of the fastest tenth of the steps, the share that no worker computed", (t) => {
  t.is(Math.round(beyondCompute([steps(9), steps(7)])), 20);
});
