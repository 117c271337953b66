import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import test from "ava";
import { makeResult, writeResult } from "./result.ts";

const row = { name: "batch 64", unit: "images/s", median: 13_500.5, mad: 12, samples: 40, batchSize: 64 };

test("a result says what was measured, where, and how to repeat it", (t) => {
  const result = makeResult("step", [row], "narrow");
  t.deepEqual(Object.keys(result), ["name", "date", "command", "machine", "node", "v8", "kernels", "rows"]);
  t.like(result, { name: "step", command: "pnpm bench step", kernels: "narrow", rows: [row] });
  t.is(new Date(result.date).toISOString(), result.date);
  t.is(`v${result.node}`, process.version);
  t.regex(result.v8, /^\d+\.\d+/);
  const { cpu, cores, memory, os: system } = result.machine;
  t.true(cpu.length > 0 && Number.isInteger(cores) && cores > 0 && memory > 2 ** 20);
  t.true(system.endsWith(process.arch));
});

test("a result is one JSON file named after its benchmark, and nothing else is left", async (t) => {
  const folder = await mkdtemp(path.join(os.tmpdir(), "convoy-results-"));
  t.teardown(() => rm(folder, { recursive: true }));
  const inside = path.join(folder, "results");
  const result = makeResult("kernels", [row], "narrow");
  const file = await writeResult(result, inside);
  t.is(file, path.join(inside, "kernels.json"));
  t.deepEqual(JSON.parse(await readFile(file, "utf8")), result);
  await writeResult(makeResult("kernels", [], "narrow"), inside);
  t.deepEqual(JSON.parse(await readFile(file, "utf8")).rows, []);
  t.deepEqual(await readdir(inside), ["kernels.json"]);
});

test("a result of the wide kernels has a name and a command of its own", (t) => {
  const { name, command, kernels } = makeResult("scaling", [row], "wide");
  t.deepEqual(
    { name, command, kernels },
    { name: "scaling-wide", command: "pnpm bench scaling --wide", kernels: "wide" },
  );
});
