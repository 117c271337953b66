import { execFile } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import test from "ava";
import { CollectedOutput } from "../../test/collected_output.ts";
import { Screen } from "../../test/screen.ts";
import { bands, smallNetwork } from "../../test/small_network.ts";
import type { FitEvent } from "../fit/events.ts";
import { fit } from "../fit/fit.ts";
import { FitProgress } from "./fit_progress.ts";

const program = fileURLToPath(new URL("../../test/shown_fit.ts", import.meta.url));

async function shownFit(kind: string): Promise<{ stdout: string; lines: string[] }> {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [program, kind]);
  return { stdout, lines: stderr.split("\n").slice(0, -1) };
}

test("fit shows its epochs in plain lines where there is no terminal, and nothing on standard output", async (t) => {
  const { stdout, lines } = await shownFit("images");
  t.is(stdout, "2\n");
  const [start, first, second, end, ...more] = lines;
  t.is(start, "64 images, 188 parameters; 2 epochs, batches of 64, 2 workers");
  t.regex(
    first,
    /^epoch 1\/2 {2}loss \d\.\d{3} {2}train +\d+\.\d\d % {2}test +\d+\.\d\d % +[\d,]+ images\/s +\d+\.\d s$/,
  );
  t.regex(second, /^epoch 2\/2 /);
  t.regex(end, /^Trained 2 steps in \d+\.\d s$/);
  t.deepEqual(more, []);
});

test("so it does for a compiled tfjs-layers model", async (t) => {
  const { lines } = await shownFit("samples");
  const [start, first, second, end] = lines;
  t.regex(start, /^64 samples, 5 parameters; 2 epochs, batches of 32, \d workers?$/);
  t.regex(first, /^epoch 1\/2 {2}loss \d+\.\d{3} {2}val_loss \d+\.\d{3} +[\d,]+ samples\/s +\d+\.\d s$/);
  t.regex(second, /^epoch 2\/2 /);
  t.regex(end, /^Trained 4 steps in /);
});

const events: readonly FitEvent[] = [
  {
    event: "start",
    parameters: 10,
    workers: 1,
    requestedWorkers: 1,
    shards: 1,
    batchSize: 4,
    epochs: 3,
    steps: 2,
    images: 8,
    seed: 1,
    optimizer: { kind: "sgd", learningRate: 1, momentum: 0, nesterov: false, weightDecay: 0 },
    resumedFrom: { epoch: 1, step: 2 },
  },
  { event: "progress", epoch: 2, step: 1, steps: 2, imagesPerSecond: 4, loss: 1, trainAccuracy: 0.5 },
  { event: "epoch", epoch: 2, loss: 1, trainAccuracy: 0.5, imagesPerSecond: 4, seconds: 2 },
];

test("a listener may print: its lines stand above the bar, and nothing is left of that", async (t) => {
  const screen = new Screen(60);
  const progress = new FitProgress<FitEvent>(screen);
  const told = progress.around((event) => {
    if (event.event === "epoch") screen.write("saved\n");
  });
  for (const event of events) told(event);
  const [, ...rows] = await screen.rows();
  t.regex(rows.pop()!, /^epoch 3\/3 {2}─+ .* 2\.0 s left$/);
  t.deepEqual(rows, [
    "saved",
    "epoch     loss     train  images/s     time",
    "  2/3    1.000   50.00 %         4    2.0 s",
  ]);
  progress.close();
});

test("a resumed run's last line tells its own steps", (t) => {
  const output = new CollectedOutput();
  const progress = new FitProgress<FitEvent>(output);
  const told = progress.around(undefined);
  for (const event of events) told(event);
  progress.end({ steps: 6, seconds: 9.04, aborted: false });
  t.is(output.lines.at(-1), "Trained 4 steps in 9.0 s");
  progress.end({ steps: 3, seconds: 1, aborted: true });
  t.is(output.lines.at(-1), "Stopped after 1 step in 1.0 s");
});

test("progress is true or false, and what else is wrong is refused as ever", async (t) => {
  const refused = async (options: object, message: RegExp): Promise<unknown> =>
    t.throwsAsync(fit(smallNetwork(), bands(8), options), { code: "FIT_OPTION", message });
  await refused({ progress: "yes" }, /progress must be true or false; got "yes"/);
  await refused({ progress: true, onEvent: 7 }, /onEvent/);
  await refused({ progress: true, epochs: 0 }, /epochs/);
});
