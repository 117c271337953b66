import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import test from "ava";
import { beside } from "./neighbour.ts";

function children(): number {
  return process.getActiveResourcesInfo().filter((name) => name === "ProcessWrap").length;
}

/** Its exit is told before its handle is closed. */
async function closed(): Promise<boolean> {
  for (let i = 0; i < 100 && children() > 0; i++) await sleep(10);
  return children() === 0;
}

test("a neighbour is there while the work is done, and gone after it, also where the work fails", async (t) => {
  const neighbour = { name: "one", threads: 2, nice: 19 };
  t.is(await beside(neighbour, async () => children()), 1);
  t.true(await closed());
  const failing = beside(neighbour, async () => {
    throw new Error("work");
  });
  await t.throwsAsync(failing, { message: "work" });
  t.true(await closed());
});
