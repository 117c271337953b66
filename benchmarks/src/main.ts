import path from "node:path";
import process from "node:process";
import { CoreError } from "@convoy/core";
import { DatasetError } from "@convoy/datasets";
import { ParallelError } from "@convoy/parallel";
import { benchmarkKernels } from "./kernels.ts";
import { makeResult, type Row, writeResult } from "./result.ts";
import { benchmarkScaling } from "./scaling.ts";
import { benchmarkStep } from "./step.ts";
import { table } from "./table.ts";
import { loadWorkload, type Workload } from "./workload.ts";

const benchmarks: ReadonlyMap<
  string,
  { readonly about: string; readonly run: (workload: Workload) => Promise<Row[]> }
> = new Map([
  ["step", { about: "one gradient step of the seed network on one core", run: benchmarkStep }],
  ["kernels", { about: "each part of that step", run: benchmarkKernels }],
  ["scaling", { about: "training with one worker and with more", run: benchmarkScaling }],
]);

const names = [...benchmarks.keys()];

async function main(args: readonly string[]): Promise<number> {
  const list = [...benchmarks].map(([name, { about }]) => `  ${name.padEnd(8)}  ${about}`).join("\n");
  if (args.includes("--help") || args.includes("-h")) {
    console.log(`pnpm bench [name]\n\n${list}\n\nWithout a name: all of them. Results: benchmarks/results/<name>.json`);
    return 0;
  }
  const unknown = args.find((name) => !benchmarks.has(name));
  if (unknown !== undefined) {
    console.error(`BENCH_UNKNOWN: there is no benchmark "${unknown}". Choose one of ${names.join(", ")}.`);
    return 2;
  }
  if (args.length === 0) console.log(`${list}\n`);
  const workload = await loadWorkload();
  for (const name of args.length === 0 ? names : args) {
    const result = makeResult(name, await benchmarks.get(name)!.run(workload));
    const { cpu, cores } = result.machine;
    console.log(`${name}: ${cpu}, ${cores} cores, Node ${result.node}, ${result.kernels} kernels\n`);
    console.log(`${table(result.rows)}\n`);
    console.log(`${path.relative(process.cwd(), await writeResult(result))}\n`);
  }
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  // What a person can mend has a code and is one line; a stack trace is for our bugs.
  const known = error instanceof CoreError || error instanceof DatasetError || error instanceof ParallelError;
  console.error(known ? error.message : error);
  process.exitCode = 1;
}
