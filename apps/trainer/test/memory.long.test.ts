import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import test, { type ExecutionContext } from "ava";
import { main, runProgram } from "./trainer_process.ts";

const folder = await mkdtemp(path.join(tmpdir(), "convoy-memory-"));
test.after.always(() => rm(folder, { recursive: true, force: true }));

const preload = fileURLToPath(new URL("collect_garbage.mjs", import.meta.url));
const epochs = 20;
const mebibyte = 2 ** 20;

/** Without the garbage collection, what is measured is when Node last saw reason for one: that alone makes 10 %. */
async function residentMemory(t: ExecutionContext, name: string, options: readonly string[]) {
  const argv = ["start", "--epochs", String(epochs), "--run-dir", name, "--json", "--quiet", ...options];
  const node = ["--expose-gc", "--import", preload, main];
  const { exitCode, out, error } = await runProgram(process.execPath, [...node, ...argv], { directory: folder });
  t.is(exitCode, 0, error);
  const samples = [...error.matchAll(/^resident (\d+)$/gm)].map(([, bytes]) => Number(bytes) / mebibyte);
  t.is(samples.length, epochs);
  const checkpoints = out.split('"event":"checkpoint"').length - 1;
  t.log(`${checkpoints} checkpoints; MiB after each epoch: ${samples.map((each) => each.toFixed(1)).join(" ")}`);
  // Of one sample, it is chance whether a checkpoint was being written; not so of the medians of six.
  const after = samples.slice(1);
  const third = Math.floor(after.length / 3);
  return { early: median(after.slice(0, third)), late: median(after.slice(-third)), checkpoints };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2;
}

test.serial(`memory of a ${epochs}-epoch run does not grow by 5 % after the first epoch`, async (t) => {
  const { early, late } = await residentMemory(t, "default", []);
  // It may fall: Node gives memory back that its start took.
  t.true(late <= early * 1.05, `${early.toFixed(1)} MiB early, ${late.toFixed(1)} late`);
});

// One an epoch is too little to show among the 5 %; what is being written at the moment makes up to 10 %.
test.serial("checkpoints are let go of: of hundreds, no quarter stays in memory", async (t) => {
  const { early, late, checkpoints } = await residentMemory(t, "often", ["--checkpoint-every", "50steps"]);
  t.true(checkpoints >= 100);
  // Weights and velocity of the seed network; from the median epoch of the early ones to that of the late ones.
  const bytes = ((checkpoints * 2 * 4 * 102_130) / epochs) * 13;
  t.true(late - early < bytes / mebibyte / 4, `${early.toFixed(1)} MiB early, ${late.toFixed(1)} late`);
});
