import { seedCnn } from "@convoy/core";
import { DatasetError } from "@convoy/datasets";
import test from "ava";
import { description, options } from "../../test/sample_run.ts";
import { Interruption } from "../environment.ts";
import { UsageError } from "../errors.ts";
import type { Reporter } from "../progress/reporter.ts";
import type { RunDescription } from "../progress/run_description.ts";
import { MetricsFile } from "../runs/metrics_file.ts";
import { train, type Audience } from "./train.ts";
import type { LoadingJob } from "./training_job.ts";

function job(loading: Promise<RunDescription>): LoadingJob {
  return {
    description: loading,
    runFolder: description.runFolder,
    model: seedCnn(),
    options,
    saving: { rhythm: {}, keep: 2, metadata: {} },
    resumed: undefined,
  };
}

/** Notes what it is told. */
function listener(): { told: string[]; reporter: Reporter } {
  const told: string[] = [];
  const reporter = {
    begin: () => void told.push("begin"),
    event: ({ event }: { event: string }) => void told.push(event),
    end: () => void told.push("end"),
    failed: () => void told.push("failed"),
    close: () => {},
  };
  return { told, reporter };
}

function audience(reporter: Reporter, signal: AbortSignal): Audience {
  const { path, name } = description.runFolder;
  return { reporters: [reporter], metrics: new MetricsFile(`${path}/${name}`, () => {}), signal };
}

test("data that does not load is the user's to mend, and no reporter hears of a run", async (t) => {
  const { told, reporter } = listener();
  const loading = Promise.reject(new DatasetError("DATASET_NOT_FOUND", "there is no folder."));
  const error = await t.throwsAsync(train(job(loading), audience(reporter, new AbortController().signal)), {
    instanceOf: UsageError,
    code: "DATASET_NOT_FOUND",
  });
  t.is(error.message, "DATASET_NOT_FOUND: there is no folder.");
  t.deepEqual(told, []);
});

test("an interruption while the data loads ends the run before it begins", async (t) => {
  const { told, reporter } = listener();
  const controller = new AbortController();
  const interruption = new Interruption("Ctrl-C", 130);
  const { promise, resolve } = Promise.withResolvers<RunDescription>();
  const training = train(job(promise), audience(reporter, controller.signal));
  controller.abort(interruption);
  resolve(description);
  t.is(await t.throwsAsync(training), interruption);
  t.deepEqual(told, []);
});
