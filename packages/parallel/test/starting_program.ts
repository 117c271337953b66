// Trains with each number of workers that its arguments give, and prints as JSON what came of each. With "few-handles" before
// them, the first call finds none free.
import { closeSync, openSync } from "node:fs";
import process from "node:process";
import { ParallelError } from "../src/errors.ts";
import { fit } from "../src/fit/fit.ts";
import { bands, smallNetwork } from "./small_network.ts";

const [first, ...others] = process.argv.slice(2);
const shards = 16;
const few = first === "few-handles";
const handles: number[] = [];
if (few) {
  // What main loads late is there then.
  await fit(smallNetwork(), bands(64), { workers: 1, shards });
  try {
    for (;;) handles.push(openSync(process.execPath, "r"));
  } catch {
    // All are taken.
  }
}
const told: object[] = [];
for (const workers of few ? others : [first, ...others]) {
  const start = performance.now();
  try {
    // oxlint-disable-next-line no-await-in-loop
    const { weightsSha256 } = await fit(smallNetwork(), bands(64), { workers: Number(workers), shards });
    told.push({ weightsSha256 });
  } catch (error) {
    for (const handle of handles.splice(0)) closeSync(handle);
    if (!(error instanceof ParallelError)) throw error;
    const { code, message, cause } = error;
    const resources = process.getActiveResourcesInfo().filter((name) => /Worker|Timeout/.test(name));
    const seconds = (performance.now() - start) / 1000;
    told.push({ code, message, cause: cause instanceof Error ? cause.message : cause, resources, seconds });
  }
}
process.stdout.write(JSON.stringify(told));
