import { existsSync, mkdirSync } from "node:fs";
import { copyFile, cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { readMetadata } from "@convoy/core";
import test from "ava";
import { FakeEnvironment } from "../../test/fake_environment.ts";
import { readMetrics } from "../../test/killed_run.ts";
import { writeTinyDataset } from "../../test/tiny_dataset.ts";
import { Interruption } from "../environment.ts";
import { run } from "../run.ts";
import { readRunFile } from "../runs/run_file.ts";

const folder = await mkdtemp(path.join(tmpdir(), "convoy-validation-"));
const inFolder = (...parts: string[]): string => path.join(folder, ...parts);
test.after.always(() => rm(folder, { recursive: true, force: true }));

/** 20 steps an epoch, so long ones that nothing is learned: the best epoch is so by chance, and seldom the last. */
const options =
  "start --data-dir tiny --validation-split 0.2 --batch-size 8 --shards 2 --learning-rate 0.3 --kernels narrow " +
  "--checkpoint-every 15steps --keep 100";

async function trainer(command: string, environment = new FakeEnvironment(folder)) {
  const exitCode = await run([...command.split(" "), "--json"], environment);
  const { events } = environment.stdout;
  return { exitCode, events, end: events.at(-1) ?? {}, error: environment.stderr.text };
}

const bestOf = (name: string): Promise<Buffer> => readFile(inFolder(name, "best.safetensors"));

/** What the first run says of its best epoch. */
let found: { readonly epoch: number; readonly step: number };

/** A run like the first, as it was at its end. */
async function copied(name: string): Promise<string> {
  await cp(inFolder("straight"), inFolder(name), { recursive: true });
  return name;
}

test.before(async (t) => {
  await writeTinyDataset(inFolder("tiny"));
  const { exitCode, events, error } = await trainer(`${options} --run-dir straight --epochs 5 --workers 2 --quiet`);
  t.is(exitCode, 0, error);
  const epoch = Number(events.findLast(({ best }) => best === true)?.["epoch"]);
  found = { epoch, step: 20 * epoch };
});

test("keeps the weights of the epoch that did best on the images kept away, and says which it was", async (t) => {
  const { events, error } = await trainer(`${options} --run-dir single --epochs 5 --workers 1`);
  t.deepEqual(await bestOf("single"), await bestOf("straight"));
  t.like(events[0], { event: "start", images: 160, validationImages: 40, testImages: 50 });
  const validations = events.filter(({ event }) => event === "validation");
  t.deepEqual(
    validations.map(({ epoch, total }) => [epoch, total]),
    [1, 2, 3, 4, 5].map((epoch) => [epoch, 40]),
  );
  const { epoch, validationAccuracy, validationLoss, correct, total } = validations.toSorted(
    (a, b) => Number(b["correct"]) - Number(a["correct"]) || Number(a["validationLoss"]) - Number(b["validationLoss"]),
  )[0];
  t.is(epoch, found.epoch);
  const best = { ...found, validationAccuracy };
  t.deepEqual(events.at(-1)?.["best"], { ...best, file: inFolder("single", "best.safetensors") });
  const people = error.split("\n");
  t.regex(people[0], /tiny: 160 training, 40 validation and 50 test images/);
  t.regex(error, /^epoch 1\/5 .* train .* validation +\d+\.\d\d % {2}test /m);
  const share = (Number(validationAccuracy) * 100).toFixed(2);
  const at = people.indexOf("Best      single/best.safetensors");
  t.is(people[at + 1], `          ${share} % on the validation images, after epoch ${epoch}`);

  const metadata = await readMetadata(inFolder("single", "best.safetensors"));
  t.like(metadata, { dataset: "tiny", epochs: String(epoch), step: String(found.step), seed: "1" });
  t.is(metadata["validationAccuracy"], String(validationAccuracy));
  t.false("testAccuracy" in metadata);
  const { settings, result } = await readRunFile(inFolder("single"));
  t.like(settings, { validationSplit: 0.2 });
  t.like(result, { best: { ...best, validationLoss, correct, total } });
  t.false(JSON.stringify(result).includes('weights"'));
});

test("evaluate and predict take the file, whose weights are those of a run of so many epochs", async (t) => {
  const { end } = await trainer(`${options} --run-dir short --epochs ${found.epoch} --workers 2 --quiet`);
  const evaluated = await trainer("evaluate --data-dir tiny --weights straight/best.safetensors");
  t.like(evaluated.end, { event: "evaluation", dataset: "tiny", total: 50, weightsSha256: end["weightsSha256"] });
  const predicted = await trainer("predict --index 3 --data-dir tiny --weights straight/best.safetensors");
  t.like(predicted.end, { event: "prediction", weights: inFolder("straight", "best.safetensors") });
});

test("a file of epochs that are still to come goes when a run begins again before them, and comes back", async (t) => {
  const name = await copied("rewound");
  const controller = new AbortController();
  const stopping = new FakeEnvironment(folder, controller.signal);
  stopping.stdout.write = function write(text: string) {
    this.text += text;
    if (text.includes('"event":"start"')) controller.abort(new Interruption("Ctrl-C", 130));
  };
  const stopped = await trainer(`start --resume ${name}/checkpoints/step-0000000000.safetensors --quiet`, stopping);
  t.is(stopped.exitCode, 130);
  t.false("best" in stopped.end);
  t.false(existsSync(inFolder(name, "best.safetensors")));
  const { exitCode, end } = await trainer(`start --resume ${name} --workers 1 --quiet`);
  t.is(exitCode, 0);
  t.like(end, { best: found });
  t.deepEqual(await bestOf(name), await bestOf("straight"));
  t.deepEqual(await readMetrics(inFolder(name)), await readMetrics(inFolder("straight")));
});

test("a run that goes on has the best weights of its checkpoint, whatever file is there", async (t) => {
  const name = await copied("replaced");
  await copyFile(inFolder(name, "final.safetensors"), inFolder(name, "best.safetensors"));
  // Steps of no length: no epoch to come is better.
  const { exitCode, events, end } = await trainer(
    `start --resume ${name} --epochs 7 --learning-rate 1e-30 --momentum 0 --override --quiet`,
  );
  t.is(exitCode, 0);
  t.true(events.every(({ best }) => best !== true));
  t.like(end, { epochs: 7, best: found });
  t.deepEqual(await bestOf(name), await bestOf("straight"));
});

test("another split is refused, also where only the place in the epoch does not fit", async (t) => {
  const name = await copied("divided");
  const command = `start --resume ${name} --validation-split 0.4 --epochs 6 --quiet`;
  const { exitCode, error } = await trainer(command);
  t.is(exitCode, 2);
  t.regex(error, /^RESUME_SETTINGS: [^\n]*images was 160 and is 120; validationSplit was 0\.2 and is 0\.4\.[^\n]*\n$/);
  t.deepEqual(await bestOf(name), await bestOf("straight"));
  // The epoch of 160 images is over but for its evaluation; none of 120 can be so far.
  const refused = await trainer(`${command} --override`);
  t.is(refused.exitCode, 2);
  t.regex(refused.error, /^RESUME_POSITION: /);
});

test("a split that leaves one part empty is refused before work", async (t) => {
  for (const [share, says] of [
    ["0.001", /keeps 0 of 200 training images/],
    ["0.999", /keeps 200 of 200 training images/],
  ] as const) {
    const { exitCode, events, error } = await trainer(
      `start --data-dir tiny --validation-split ${share} --run-dir none --kernels narrow`,
    );
    t.is(exitCode, 2);
    t.deepEqual(
      events.map(({ code }) => code),
      ["VALIDATION_SPLIT"],
    );
    t.regex(error, /^VALIDATION_SPLIT: [^\n]+\n$/);
    t.regex(error, says);
    t.false(existsSync(inFolder("none")));
  }
});

test("a file that cannot be written costs a warning while it trains, and the exit code at its end", async (t) => {
  const environment = new FakeEnvironment(folder);
  environment.stdout.write = function write(text: string) {
    this.text += text;
    if (text.includes('"event":"epoch","epoch":1')) mkdirSync(inFolder("hindered", "best.safetensors"));
  };
  const command = `${options} --run-dir hindered --epochs 2 --workers 1 --quiet`;
  const { exitCode, events, error } = await trainer(command, environment);
  t.is(exitCode, 1);
  t.regex(error, /^CHECKPOINT_WRITE: [^\n]+\n$/);
  t.like(
    events.find(({ event }) => event === "warning"),
    { code: "CHECKPOINT_WRITE" },
  );
  t.false("best" in (events.find(({ event }) => event === "end") ?? {}));
  t.true(existsSync(inFolder("hindered", "final.safetensors")));
});
