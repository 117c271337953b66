import { spawnSync } from "node:child_process";
import path from "node:path";
import process from "node:process";
import test from "ava";

function bench(...args: string[]) {
  const main = path.join(import.meta.dirname, "main.ts");
  return spawnSync(process.execPath, [main, ...args], { encoding: "utf8" });
}

test("a benchmark that there is not is one line and exit code 2", (t) => {
  const { status, stdout, stderr } = bench("stepp");
  t.is(
    stderr,
    'BENCH_UNKNOWN: there is no benchmark "stepp". Choose one of step, kernels, scaling, neighbours, checkpoints, profile, seed, tfjs, peers.\n',
  );
  t.is(stdout, "");
  t.is(status, 2);
});

test("one bad name among good ones stops before any work", (t) => {
  t.is(bench("step", "--fast").status, 2);
  // Only the peers have a quick form.
  t.is(bench("step", "--quick").status, 2);
});

test("--help lists the benchmarks", (t) => {
  const { status, stdout } = bench("--help");
  t.is(status, 0);
  for (const name of ["step", "kernels", "scaling", "checkpoints", "seed", "tfjs", "peers"])
    t.regex(stdout, new RegExp(`^  ${name} +\\S`, "m"));
});
