import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { DEFAULT_NORMALIZATION, loadDataset } from "@convoy/datasets";
import { describePlan, networks, sgd } from "@convoy/core";
import { fit, type Usage } from "@convoy/parallel";
import test from "ava";
import { FakeEnvironment } from "../../test/fake_environment.ts";
import { writeTinyDataset } from "../../test/tiny_dataset.ts";
import { Interruption } from "../environment.ts";
import { run } from "../run.ts";

const folder = await mkdtemp(path.join(tmpdir(), "convoy-profile-"));
const dataDir = path.join(folder, "tiny");
test.before(() => writeTinyDataset(dataDir));
test.after.always(() => rm(folder, { recursive: true, force: true }));

const quick = "profile --data-dir tiny --kernels narrow --batch-size 32 --steps 6";

async function profile(options = "", signal?: AbortSignal) {
  const environment = new FakeEnvironment(folder, signal);
  const exitCode = await run(`${quick}${options}`.split(" "), environment);
  return { exitCode, stdout: environment.stdout, stderr: environment.stderr };
}

interface Part {
  readonly name: string;
  readonly microseconds: number;
  readonly share: number;
}

test.serial(
  "tells programs of every phase of the plan, of the other parts of the step, and of the workers",
  async (t) => {
    const { exitCode, stdout, stderr } = await profile(" --workers 2 --json");
    t.is(exitCode, 0, stderr.text);
    t.is(stderr.text, "");
    t.is(stdout.events.length, 1);
    const [event] = stdout.events;
    t.like(event, { event: "profile", dataset: "tiny", model: "seed-cnn", kernels: "narrow" });
    t.like(event, { batchSize: 32, shards: 2, steps: 6, countedSteps: 4 });
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each field is looked at below
    const layers = event["layers"] as Record<string, unknown>[];
    const plan = describePlan(networks["seed-cnn"]().toJSON());
    t.is(layers.length, plan.length);
    for (const [i, row] of plan.entries()) {
      const { microseconds, ...described } = row;
      t.like(layers[i], { ...described, expectedMicroseconds: microseconds });
      const { microseconds: took, share, ofProduct } = layers[i];
      t.true(Number(took) >= 0 && Number(share) >= 0 && Number(share) <= 1);
      t.is(row.algorithm !== "skipped", "gigaflops" in layers[i]);
      if (row.algorithm !== "skipped") t.true(Number(took) > 0 && Number(ofProduct) > 0);
    }
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each field is looked at here
    const others = event["others"] as Part[];
    t.deepEqual(
      others.map(({ name }) => name),
      ["pack weights", "other: gather, loss, sums", "optimizer"],
    );
    t.true(others.every(({ microseconds, share }) => microseconds > 0 && share > 0));
    t.true(Number(event["microseconds"]) > 0 && Number(event["productGigaflops"]) > 0);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each field is looked at here
    const workers = event["workers"] as (Record<string, number> & { readonly usage: Usage })[];
    t.deepEqual(
      workers.map(({ worker }) => worker),
      [0, 1],
    );
    for (const { step, compute, reduce, wait, usage } of workers) {
      // Who was put aside for all of these few steps had nothing to do in them.
      t.true(compute >= 0 && reduce >= 0 && wait >= 0);
      t.true(Math.abs(compute + reduce + wait - step) < 1e-6 * step || step === 0);
      t.true(usage.parts >= usage.takenOver && usage.coreShare !== undefined);
    }
    // Six steps of two parts, and no part of them is missing.
    t.true(workers.reduce((sum, { usage }) => sum + usage.parts, 0) >= 12);
  },
);

test.serial("what is profiled in one thread is the training of fit, bit for bit", async (t) => {
  const { stdout } = await profile(" --json");
  const { train } = await loadDataset("mnist", { dataDir, normalization: DEFAULT_NORMALIZATION });
  const data = {
    ...train,
    images: train.images.subarray(0, 192 * 28 * 28),
    labels: Array.from(train.labels).slice(0, 192),
  };
  const optimizer = sgd({ learningRate: 0.001, momentum: 0.9 });
  const { weightsSha256, steps } = await fit(networks["seed-cnn"](), data, { batchSize: 32, optimizer });
  t.is(steps, 6);
  t.is(stdout.events[0]["weightsSha256"], weightsSha256);
});

test.serial("shows people two tables, and leaves nothing behind", async (t) => {
  const { exitCode, stdout, stderr } = await profile(" --model lenet5 --workers 1");
  t.is(exitCode, 0, stderr.text);
  const { text, lines } = stdout;
  t.deepEqual(lines.slice(0, 3), [
    "lenet5 on tiny: batches of 32 in 2 shards, narrow kernels; means of the middle",
    "half of 4 steps after 2",
    "",
  ]);
  t.regex(text, /^conv2d_1 +forward +windows +\d+\.\d\d +\d+\.\d % +\d+\.\d +\d+\.\d +\d+ %$/m);
  t.regex(text, /^averagePool2d_1 +forward +pool +\d+\.\d\d +\d+\.\d % +- +- +-$/m);
  t.regex(text, /^whole step +\d+\.\d\d +100\.0 %$/m);
  t.regex(text, /^One thread: [\d,]+ images\/s; a bare matrix product: \d+\.\d GFLOP\/s\.$/m);
  t.regex(text, /^0( +[\d,]+){2} +\d+\.\d %( +[\d,]+ +\d+\.\d %){2} +\d+ % +6 +0$/m);
  t.regex(text, /^One worker: [\d,]+ images\/s; /m);
  t.deepEqual(await readdir(folder), ["tiny"]);
});

test.serial("refuses more steps than there are images", async (t) => {
  const environment = new FakeEnvironment(folder);
  const exitCode = await run("profile --data-dir tiny --batch-size 64 --steps 4".split(" "), environment);
  t.is(exitCode, 2);
  t.is(environment.stdout.text, "");
  t.regex(environment.stderr.text, /^OPTION_COMBINATION: --steps 4 of --batch-size 64 take 256 images, .* 200\.\n$/);
});

test.serial("is left as soon as it is interrupted", async (t) => {
  const controller = new AbortController();
  const running = profile("", controller.signal);
  controller.abort(new Interruption("Ctrl-C", 130));
  const { exitCode, stdout } = await running;
  t.is(exitCode, 130);
  t.is(stdout.text, "");
});
