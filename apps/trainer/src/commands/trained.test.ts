import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { conv2d, dense, flatten, loadModel, saveModel, Sequential } from "@convoy/core";
import test from "ava";
import sharp from "sharp";
import { FakeEnvironment } from "../../test/fake_environment.ts";
import { writeTinyDataset } from "../../test/tiny_dataset.ts";
import { run } from "../run.ts";

const folder = await mkdtemp(path.join(tmpdir(), "convoy-trained-"));
test.after.always(() => rm(folder, { recursive: true, force: true }));
test.before(async (t) => {
  await writeTinyDataset(path.join(folder, "tiny"));
  const argv =
    "start --data-dir tiny --batch-size 8 --learning-rate 0.01 --epochs 10 --kernels narrow --quiet --run-dir runs/first";
  const { exitCode, stderr } = await call(argv);
  t.is(exitCode, 0, stderr.text);
});

async function call(command: string) {
  const environment = new FakeEnvironment(folder);
  const exitCode = await run(command.split(" "), environment);
  return { exitCode, stdout: environment.stdout, stderr: environment.stderr };
}

/** A digit of the tiny data set as someone would draw it: class c is a bar of rows from 2c + 4, dark on white. */
async function drawing(name: string, digit: number, scale: number): Promise<void> {
  const side = 28 * scale;
  const data = new Uint8Array(side * side * 3).fill(255);
  for (let y = (2 * digit + 4) * scale; y < (2 * digit + 7) * scale; y++) {
    data.fill(30, (y * side + 4 * scale) * 3, (y * side + 24 * scale) * 3);
  }
  await sharp(data, { raw: { width: side, height: side, channels: 3 } }).toFile(path.join(folder, name));
}

test("evaluates the newest run and says how each class fares", async (t) => {
  const { exitCode, stdout, stderr } = await call("evaluate");
  t.is(exitCode, 0, stderr.text);
  t.regex(stdout.text, /^Weights {3}runs.first.final\.safetensors\nSHA-256 {3}[0-9a-f]{64}\n/);
  t.regex(stdout.text, /Accuracy of the network on the 50 test images: \d+\.\d\d %/);
  t.is(stdout.lines.filter((line) => /^\d +\d+ +5 +\d+\.\d\d %/.test(line)).length, 10, stdout.text);
});

test("evaluates for programs, as the run itself did", async (t) => {
  const { stdout } = await call("evaluate --json");
  const [event, ...others] = stdout.events;
  t.is(others.length, 0);
  t.like(event, { event: "evaluation", dataset: "tiny", total: 50 });
  t.is(Number(event["correct"]) / 50, Number(event["testAccuracy"]));
  t.true(Number(event["testAccuracy"]) > 0.9, String(event["testAccuracy"]));
  t.true(Array.isArray(event["classes"]) && event["classes"].length === 10);
});

test("shows a test image, the probabilities and the truth", async (t) => {
  const { exitCode, stdout, stderr } = await call("predict --index 3");
  t.is(exitCode, 0, stderr.text);
  t.regex(stdout.text, /^Image {5}test image 3 of tiny\n/);
  t.regex(stdout.text, /Predicted: 3 \(right\)\n$/);
  // 28 rows of letters, the bar of class 3 in rows 10 to 12.
  const rows = stdout.lines.slice(3, 31);
  t.deepEqual(
    rows.flatMap((row, y) => (row.trim() === "" ? [] : [y])),
    [10, 11, 12],
  );
  t.is(stdout.lines.filter((line) => line.endsWith(" %")).length, 10);
});

test("predicts a test image for programs", async (t) => {
  const { stdout } = await call("predict --index 4 --json --weights runs/first");
  const [event] = stdout.events;
  t.like(event, { event: "prediction", dataset: "tiny", index: 4, predicted: 4, className: "4", actual: 4 });
  const probabilities = event["probabilities"];
  t.true(Array.isArray(probabilities) && probabilities.length === 10);
});

for (const [scale, digit] of [
  [1, 2],
  [7, 5],
] as const) {
  test(`reads a drawing of ${28 * scale} pixels, dark on white and in color`, async (t) => {
    await drawing(`drawing-${scale}.png`, digit, scale);
    const { exitCode, stdout, stderr } = await call(`predict drawing-${scale}.png --json`);
    t.is(exitCode, 0, stderr.text);
    t.like(stdout.events[0], { event: "prediction", predicted: digit, inverted: true, width: 28 * scale });
    const people = await call(`predict drawing-${scale}.png`);
    t.regex(people.stdout.lines[0], /inverted because its ground is light$/);
    t.regex(people.stdout.lines[0], new RegExp(`PNG, ${28 * scale} × ${28 * scale}, shown whole`));
  });
}

test("refuses a picture that is not there or is none, and a test image that has no such number", async (t) => {
  await writeFile(path.join(folder, "text.png"), "not an image");
  for (const [command, code] of [
    ["predict absent.png", "PICTURE_NOT_FOUND"],
    ["predict text.png", "PICTURE_FORMAT"],
    ["predict tiny", "PICTURE_UNREADABLE"],
    ["predict --index 50", "INDEX_RANGE"],
  ] as const) {
    const { exitCode, stdout, stderr } = await call(command);
    t.is(exitCode, 2, command);
    t.is(stdout.text, "");
    t.regex(stderr.text, new RegExp(`^${code}: [^\\n]+\\n$`));
  }
});

function network(channels: number): Sequential {
  const layers = [conv2d({ filters: 2, kernelSize: 3 }), flatten(), dense({ units: 3 })];
  return new Sequential({ inputShape: [8, 8, channels], layers });
}

test("refuses data and images that the network was not made for", async (t) => {
  await saveModel(network(3), path.join(folder, "color.safetensors"));
  await saveModel(network(2), path.join(folder, "two.safetensors"));
  await drawing("any.png", 1, 1);
  const evaluated = await call("evaluate --weights color.safetensors --data-dir tiny");
  t.is(evaluated.exitCode, 2);
  t.regex(evaluated.stderr.text, /^DATASET_LABEL: .*labels go from 0 to 2/);
  const published = await call("evaluate --weights color.safetensors --dataset mnist");
  t.is(published.exitCode, 2);
  t.regex(published.stderr.text, /^WEIGHTS_DATASET: .*8 × 8 × 3 and knows 3 classes.*28 × 28 × 1 and 10/);
  const predicted = await call("predict any.png --weights two.safetensors");
  t.is(predicted.exitCode, 2);
  t.regex(predicted.stderr.text, /^WEIGHTS_CHANNELS: /);
});

test("a network of colors sees them, and what its file does not say is assumed and told", async (t) => {
  const model = new Sequential({ inputShape: [1, 1, 3], layers: [flatten(), dense({ units: 3 })] });
  model.setWeights(Float32Array.of(9, 0, 0, 0, 9, 0, 0, 0, 9, 0, 0, 0));
  await saveModel(model, path.join(folder, "rgb.safetensors"));
  for (const [i, background] of ["red", "lime", "blue"].entries()) {
    const picture = sharp({ create: { width: 5, height: 9, channels: 3, background } });
    await picture.jpeg().toFile(path.join(folder, "plain.jpg"));
    const { stdout, stderr } = await call("predict plain.jpg --weights rgb.safetensors --json");
    t.like(stdout.events[0], { predicted: i, format: "JPEG", fit: { fit: "cover" } });
    t.regex(stderr.text, /how pictures are fitted to its input; assumed: cover\.\n/);
    t.regex(stderr.text, /how bytes become numbers; assumed: mean 0\.5, deviation 0\.5\.\n/);
  }
  const said = Sequential.fromJSON({
    ...model.toJSON(),
    normalization: { mean: 0.5, deviation: 0.5 },
    classNames: ["r", "g", "b"],
    pictureFit: { fit: "stretch" },
  });
  said.setWeights(model.getWeights());
  await said.save(path.join(folder, "said.safetensors"));
  const { stdout, stderr } = await call("predict plain.jpg --weights said.safetensors --json");
  t.is(stderr.text, "");
  t.like(stdout.events[0], { className: "b", fit: { fit: "stretch" } });
});

test("weights that are not finite, and weights of floats, give no answer", async (t) => {
  const model = await loadModel(path.join(folder, "runs/first/final.safetensors"));
  model.setWeights(model.getWeights().with(0, NaN));
  await model.save(path.join(folder, "nan.safetensors"));
  for (const command of ["evaluate --data-dir tiny", "predict --index 0 --data-dir tiny"]) {
    const { exitCode, stdout, stderr } = await call(`${command} --weights nan.safetensors`);
    t.is(exitCode, 2);
    t.is(stdout.text, "");
    t.regex(stderr.text, /^MODEL_NONFINITE: [^\n]+\n$/);
  }
  const floats = await loadModel(path.join(folder, "runs/first/final.safetensors"));
  floats.normalization = null;
  await floats.save(path.join(folder, "floats.safetensors"));
  const evaluated = await call("evaluate --data-dir tiny --weights floats.safetensors");
  t.is(evaluated.exitCode, 2);
  t.regex(evaluated.stderr.text, /^MODEL_NORMALIZATION: .*--mean and --deviation/);
  const given = await call("evaluate --data-dir tiny --weights floats.safetensors --mean 0.5 --deviation 0.5");
  t.is(given.exitCode, 0, given.stderr.text);
});

test("prints the network of a weights file", async (t) => {
  const { exitCode, stdout } = await call("summary --weights runs/first");
  t.is(exitCode, 0);
  t.regex(stdout.text, /^runs.first.final\.safetensors\n/);
  t.regex(stdout.text, /Total parameters: 102,130/);
});
