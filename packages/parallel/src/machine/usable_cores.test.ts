import { availableParallelism } from "node:os";
import test from "ava";
import { usableCores } from "./usable_cores.ts";

test("no more cores than the quota pays for, a part of one counting as one, and at least one", (t) => {
  t.is(usableCores(0.4), 1);
  t.is(usableCores(1), 1);
  t.is(usableCores(1.01), Math.min(2, availableParallelism()));
  t.is(usableCores(Infinity), availableParallelism());
  t.true(usableCores() >= 1);
});
