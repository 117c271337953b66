import { readFile } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { setFlagsFromString } from "node:v8";
import { atomicWrite, CoreError } from "@convoy/core/training";
import { DatasetError } from "@convoy/datasets";
import { ParallelError } from "@convoy/parallel";
import { benchmarkCheckpoints } from "./checkpoints.ts";
import { benchmarkKernels } from "./kernels.ts";
import { benchmarkPeers } from "./peers/peers.ts";
import { benchmarkProfile } from "./profile.ts";
import { benchmarkNeighbours } from "./neighbours/neighbours.ts";
import { makeResult, type Result, type Row, writeResult } from "./result.ts";
import { withFigures } from "./readme_figures.ts";
import { benchmarkScaling } from "./scaling.ts";
import { benchmarkSeed } from "./seed.ts";
import { benchmarkStep } from "./step.ts";
import { table } from "./table.ts";
import { loadWorkload, type Workload } from "./workload.ts";

type Measured = Partial<Result> & Pick<Result, "rows">;

interface Benchmark {
  readonly about: string;
  /** What it measured: its rows, or its rows with more of the result. */
  readonly run: (workload: Workload, options: { quick: boolean }) => Promise<Row[] | Measured>;
  /** It is not among those that run without a name. */
  readonly onlyByName?: boolean;
}

/** Its imports start backends of tfjs that the others are better without. */
const benchmarkTfjs = async (workload: Workload): Promise<Row[]> =>
  (await import("./tfjs/tfjs.ts")).benchmarkTfjs(workload);

const benchmarks: ReadonlyMap<string, Benchmark> = new Map<string, Benchmark>([
  ["step", { about: "one gradient step of the seed network on one core", run: benchmarkStep }],
  ["kernels", { about: "each part of that step", run: benchmarkKernels }],
  ["scaling", { about: "training with one worker and with more", run: benchmarkScaling }],
  ["neighbours", { about: "training on a machine that others use too", run: benchmarkNeighbours, onlyByName: true }],
  ["checkpoints", { about: "training that is saved, and that is not", run: benchmarkCheckpoints }],
  ["profile", { about: "trainer profile of the seed network, which docs/profile.md shows", run: benchmarkProfile }],
  ["seed", { about: "the whole seed program, ten epochs, as a process", run: benchmarkSeed }],
  ["tfjs", { about: "tfjs with its own kernels and with ours", run: benchmarkTfjs, onlyByName: true }],
  [
    "peers",
    { about: "training beside PyTorch, TensorFlow, JAX and tfjs [--quick]", run: benchmarkPeers, onlyByName: true },
  ],
]);

const names = [...benchmarks.keys()];
const readmeFile = path.join(import.meta.dirname, "..", "..", "README.md");
const namesByDefault = names.filter((name) => benchmarks.get(name)!.onlyByName !== true);

async function main(args: readonly string[]): Promise<number> {
  const list = [...benchmarks].map(([name, { about }]) => `  ${name.padEnd(11)}  ${about}`).join("\n");
  if (args.includes("--help") || args.includes("-h")) {
    console.log(
      `pnpm bench [name] [--wide]\n\n${list}\n\nWithout a name: all but neighbours, tfjs and peers. Results: benchmarks/results/<name>.json\n` +
        "--wide runs step, kernels, scaling, neighbours and checkpoints on the wide kernels, under V8's flag for them: <name>-wide.json\n" +
        "pnpm bench readme puts the figures into README.md.",
    );
    return 0;
  }
  if (args.length === 1 && args[0] === "readme") {
    await atomicWrite(readmeFile, Buffer.from(await withFigures(await readFile(readmeFile, "utf8"))));
    return 0;
  }
  const quick = args.includes("peers") && args.includes("--quick");
  const wide = args.includes("--wide");
  const chosen = args.filter((name) => !(name === "--wide" || (quick && name === "--quick")));
  const unknown = chosen.find((name) => !benchmarks.has(name));
  if (unknown !== undefined) {
    console.error(`BENCH_UNKNOWN: there is no benchmark "${unknown}". Choose one of ${names.join(", ")}.`);
    return 2;
  }
  if (args.length === 0) console.log(`${list}\n`);
  // Before any WebAssembly is compiled.
  if (wide) setFlagsFromString("--experimental-wasm-revectorize");
  const workload = await loadWorkload(wide ? "wide" : "narrow");
  for (const name of chosen.length === 0 ? namesByDefault : chosen) {
    const measured = await benchmarks.get(name)!.run(workload, { quick });
    const { rows, ...more } = Array.isArray(measured) ? { rows: measured } : measured;
    const result: Result = { ...makeResult(name, rows, workload.kernels), ...more };
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
