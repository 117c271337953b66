import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { sgd } from "@convoy/core";
import test from "ava";
import { leaveBehind } from "./saved_run.ts";

const checkpoint = {
  parameters: [],
  weights: new Float32Array(0),
  optimizer: sgd({ learningRate: 1 }),
  optimizerState: [],
  step: 20,
  epoch: 0,
  samplerPosition: 20,
  seed: 1,
  metrics: { loss: 0, correct: 0, recentLoss: 0 },
  settings: {},
};

async function runWith(t: { teardown(clean: () => Promise<void>): void }, files: readonly string[]): Promise<string> {
  const run = await mkdtemp(path.join(tmpdir(), "convoy-saved-run-"));
  t.teardown(() => rm(run, { recursive: true }));
  await mkdir(path.join(run, "checkpoints"));
  for (const file of files) await writeFile(path.join(run, "checkpoints", file), "");
  return run;
}

const step = (number: number): string => `step-00000000${number}.safetensors`;

test("leaves what is later than the checkpoint behind, and nothing else", async (t) => {
  const run = await runWith(t, [step(10), step(20), step(30), step(40), "notes.txt"]);
  const damaged = [{ file: path.join(run, "checkpoints", step(40)), error: new Error("damaged") }];
  leaveBehind({ runFolder: { path: run, name: "run" }, file: step(20), checkpoint, damaged });
  const left = await readdir(path.join(run, "checkpoints"));
  t.deepEqual(left.toSorted(), ["notes.txt", step(10), step(20), `${step(40)}.damaged`]);
});

test("says in one line that a later checkpoint cannot be taken away", async (t) => {
  const run = await runWith(t, [step(20)]);
  // A folder in the file's place is refused to root too.
  await mkdir(path.join(run, "checkpoints", step(30)));
  t.throws(() => leaveBehind({ runFolder: { path: run, name: "run" }, file: step(20), checkpoint, damaged: [] }), {
    code: "RUN_DIR_UNWRITABLE",
    message: /^RUN_DIR_UNWRITABLE: run has checkpoints later [^\n]*step-0000000030[^\n]*$/,
  });
});
