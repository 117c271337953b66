import { seedCnn } from "@convoy/core";
import { ParallelError } from "@convoy/parallel";
import test from "ava";
import { FakeOutput } from "../../test/fake_environment.ts";
import { description, options } from "../../test/sample_run.ts";
import { PeopleReporter } from "../progress/people_reporter.ts";
import { keepFailedRun } from "./failed_run.ts";

/** Where no folder is. */
const runFolder = { path: import.meta.filename, name: "gone" };
const job = {
  description: { ...description, runFolder },
  model: seedCnn(),
  options,
  saving: { rhythm: {}, keep: 2, metadata: {} },
  resumed: undefined,
};

async function told(code: string, steps: number, isSaved: boolean): Promise<readonly string[]> {
  const output = new FakeOutput();
  const reporters = [new PeopleReporter(output, true)];
  await keepFailedRun(job, new ParallelError(code, "the first cause."), {
    count: { epochs: 0, steps },
    isSaved,
    reporters,
  });
  return output.lines;
}

test("a failed run whose weights cannot be saved says so, and how to go on from its checkpoint", async (t) => {
  const lines = await told("WORKER_EXITED", 7, true);
  t.is(lines.length, 2);
  t.regex(lines[0], /^CHECKPOINT_WRITE: /);
  t.is(lines[1], "Go on:    pnpm trainer start --resume gone");
});

test("no way to go on is proposed without a checkpoint, or where the same would come again", async (t) => {
  t.deepEqual(await told("WORKER_EXITED", 0, false), []);
  t.deepEqual(await told("NONFINITE_LOSS", 0, true), []);
});
