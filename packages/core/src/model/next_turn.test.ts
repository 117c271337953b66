import test from "ava";
import { nextTurn } from "./next_turn.ts";

async function lettingTimersRun(): Promise<boolean> {
  let fired = false;
  const timer = setTimeout(() => (fired = true), 1);
  for (let turns = 0; turns < 1_000_000; turns++) {
    await nextTurn();
    if (fired) return true;
  }
  clearTimeout(timer);
  return false;
}

test.serial("timers run between two turns", async (t) => {
  t.true(await lettingTimersRun());
});

test.serial("also where there is no setImmediate, as in browsers", async (t) => {
  const { setImmediate: own } = globalThis;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it is put back below
  delete (globalThis as { setImmediate?: unknown }).setImmediate;
  try {
    t.true(await lettingTimersRun());
  } finally {
    globalThis.setImmediate = own;
  }
});
