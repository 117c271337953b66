import type { BestResult } from "@convoy/parallel";
import test from "ava";
import { BestKeeper } from "./best_keeper.ts";

const best = (epoch: number): BestResult => {
  return {
    epoch,
    step: epoch,
    validationAccuracy: 1,
    validationLoss: 0,
    correct: 1,
    total: 1,
    weights: new Float32Array(1),
  };
};

/** A keeper whose next saves end as they are told to. */
function keeper(...failures: readonly (Error | undefined)[]) {
  const saved: (number | undefined)[] = [];
  const told: unknown[] = [];
  const left = [...failures];
  const kept = new BestKeeper(
    async (newest) => {
      const failure = left.shift();
      if (failure !== undefined) throw failure;
      saved.push(newest?.epoch);
    },
    (error) => told.push(error),
  );
  return { kept, saved, told };
}

test("saves the newest alone of those that come at once, and each of those that come by and by", async (t) => {
  const { kept, saved } = keeper();
  kept.keep(undefined);
  kept.keep(best(1));
  t.is(await kept.settle(), undefined);
  t.deepEqual(saved, [1]);
  kept.keep(best(2));
  await kept.settle();
  kept.keep(undefined);
  await kept.settle();
  t.deepEqual(saved, [1, 2, undefined]);
});

test("one that comes while another is being saved is saved after it", async (t) => {
  const order: (number | undefined)[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const kept: BestKeeper = new BestKeeper(
    async (newest) => {
      order.push(newest?.epoch);
      if (newest?.epoch !== 1) return;
      kept.keep(best(2));
      await promise;
      order.push(0);
    },
    (error) => t.fail(String(error)),
  );
  kept.keep(best(1));
  resolve();
  await kept.settle();
  t.deepEqual(order, [1, 0, 2]);
});

test("what could not be saved is told, and tried again", async (t) => {
  const full = new Error("full disk");
  const { kept, saved, told } = keeper(full);
  kept.keep(best(1));
  await new Promise((resolve) => setTimeout(resolve, 20));
  t.deepEqual(told, [full]);
  t.deepEqual(saved, []);
  kept.retry();
  t.is(await kept.settle(), undefined);
  t.deepEqual(saved, [1]);
  kept.retry();
  await kept.settle();
  t.deepEqual(saved, [1]);
});

test("the end tries once more, and says why the newest is not saved", async (t) => {
  const [first, last] = [new Error("first"), new Error("last")];
  const { kept, saved, told } = keeper(first, last);
  kept.keep(best(1));
  t.is(await kept.settle(), last);
  t.deepEqual(told, [first]);
  t.deepEqual(saved, []);
});
