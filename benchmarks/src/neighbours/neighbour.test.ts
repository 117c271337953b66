import process from "node:process";
import test from "ava";
import { beside } from "./neighbour.ts";

test("a neighbour is there while the work is done, and gone after it, also where the work fails", async (t) => {
  const neighbour = { name: "one", threads: 2, nice: 19 };
  const before = process.getActiveResourcesInfo().filter((name) => name === "ProcessWrap").length;
  const during = await beside(
    neighbour,
    async () => process.getActiveResourcesInfo().filter((name) => name === "ProcessWrap").length,
  );
  t.is(during, before + 1);
  await t.throwsAsync(
    beside(neighbour, async () => {
      throw new Error("work");
    }),
    { message: "work" },
  );
  t.is(process.getActiveResourcesInfo().filter((name) => name === "ProcessWrap").length, before);
});
