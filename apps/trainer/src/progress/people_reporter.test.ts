import test from "ava";
import { FakeOutput } from "../../test/fake_environment.ts";
import { description, end, play, start } from "../../test/sample_run.ts";
import { PeopleReporter } from "./people_reporter.ts";

const result = [
  "Accuracy of the network on the 1000 test images: 98.30 %",
  "",
  "Time      2 epochs, 400 steps in 3.5 s, 8,533 images/s",
  "          98 % on the test images reached after 3.4 s, in epoch 2",
  `SHA-256   ${"0123456789abcdef".repeat(4)}`,
  "Weights   runs/one/final.safetensors",
];

test("writes the lines of the PyTorch program, and one an epoch, where it is piped", (t) => {
  const output = new FakeOutput();
  play(new PeopleReporter(output, false));
  t.deepEqual(output.lines, [
    "Data      mnist: 12,800 training and 1,000 test images, 28 × 28 × 1, from /data/mnist",
    "Network   seed-cnn: 102,130 parameters",
    "Training  2 epochs, SGD, learning rate 0.001, momentum 0.9, seed 1",
    "Threads   4 workers, batches of 64 in 4 shards, narrow kernels",
    "          2 of 6 workers not started: a batch has only 4 shards",
    "Run       runs/one; Ctrl-C stops and saves",
    "",
    "[1,   100] loss: 2.291",
    "[1,   200] loss: 1.800",
    "epoch 1/2  loss 2.045  train 40.00 %  test 70.00 %   6,400 images/s   2.0 s",
    "[2,   100] loss: 0.500",
    "[2,   200] loss: 0.400",
    "epoch 2/2  loss 0.450  train 92.00 %  test 98.30 %  12,800 images/s   1.0 s",
    "",
    ...result,
    ...next,
  ]);
});

const next = [
  "",
  "Next      pnpm trainer evaluate",
  "          pnpm trainer predict picture.png",
  "          pnpm trainer start --resume --epochs 4",
];

test("on a terminal a table of the epochs stays, and what to do next", (t) => {
  const output = new FakeOutput();
  Object.assign(output, { isTerminal: true, columns: 80 });
  play(new PeopleReporter(output, false));
  const drawn = output.text.split("\x1b[J");
  t.true(drawn.includes("epoch     loss     train  test loss      test  images/s     time\n\r"));
  t.notRegex(output.text, /\[1, {3}100\]/);
  // The cursor is back before the result, which is the last thing on the screen.
  t.true(output.text.endsWith(`\x1b[?25h\n${[...result, ...next].join("\n")}\n`));
  t.is(output.text.split("\x1b[?25l").length, output.text.split("\x1b[?25h").length);
});

test("wraps its first lines on a narrow terminal", (t) => {
  const output = new FakeOutput();
  Object.assign(output, { isTerminal: true, columns: 40 });
  const reporter = new PeopleReporter(output, false);
  reporter.begin(description);
  reporter.event(start);
  reporter.close();
  // oxlint-disable-next-line no-control-regex -- the escape sequences take no room
  for (const line of output.lines) t.true(line.replaceAll(/\x1b\[[?\d]*[a-zA-Z]/g, "").length <= 40, line);
});

test("gives only the result when it is to be quiet", (t) => {
  const output = new FakeOutput();
  play(new PeopleReporter(output, true));
  t.deepEqual(output.lines, result);
});

test("says after a stop which epoch the accuracy is of, and what to do next", (t) => {
  const output = new FakeOutput();
  new PeopleReporter(output, true).end({ ...end, epochs: 1, steps: 250, reached: undefined, stoppedBy: "Ctrl-C" });
  t.deepEqual(output.lines, [
    "Stopped by Ctrl-C; the weights are those of the last whole step",
    "Accuracy of the network on the 1000 test images after epoch 1: 98.30 %",
    "",
    "Time      1 whole epoch, 250 steps in 3.5 s, 8,533 images/s",
    `SHA-256   ${"0123456789abcdef".repeat(4)}`,
    "Weights   runs/one/final.safetensors",
    "",
    "Go on:    pnpm trainer start --resume runs/one",
    "Try them: pnpm trainer evaluate",
  ]);
});

test("a resumed run's time and steps are those since it went on", (t) => {
  const output = new FakeOutput();
  const resumedFrom = { epoch: 1, step: 250 };
  new PeopleReporter(output, true).end({ ...end, resumedFrom });
  t.deepEqual(output.lines.slice(2, 5), [
    "Time      150 steps in 3.5 s, 8,533 images/s",
    "          the whole run: 2 epochs, 400 steps",
    "          98 % on the test images reached after 3.4 s of these, in epoch 2",
  ]);
});

test("proposes what to do next with the run and its weights, where they are no newest of the usual ones", (t) => {
  const output = new FakeOutput();
  const runFolder = { path: "/home/me/my run", name: "my run" };
  const weightsFile = { path: "/home/me/my run/final.safetensors", name: "my run/final.safetensors" };
  const reporter = new PeopleReporter(output, false);
  reporter.end({ ...end, runFolder, weightsFile });
  t.deepEqual(output.lines.slice(-3), [
    'Next      pnpm trainer evaluate --weights "my run/final.safetensors"',
    '          pnpm trainer predict picture.png --weights "my run/final.safetensors"',
    '          pnpm trainer start --resume "my run" --epochs 4',
  ]);
});

test("names weights in an unusual place in the command that it proposes", (t) => {
  const output = new FakeOutput();
  const weightsFile = { path: "/x/my run/final.safetensors", name: "my run/final.safetensors" };
  new PeopleReporter(output, true).end({ ...end, stoppedBy: "Ctrl-C", weightsFile });
  t.is(output.lines.at(-1), 'Try them: pnpm trainer evaluate --weights "my run/final.safetensors"');
});

test("tells of a thread that is replaced, and leaves a fault that ends the run to its error", (t) => {
  const output = new FakeOutput();
  const reporter = new PeopleReporter(output, false);
  const fault = { event: "fault", code: "WORKER_EXITED", worker: 1, phase: "train", epoch: 1, step: 3 } as const;
  reporter.event({ ...fault, message: "WORKER_EXITED: the first time", restart: 1 });
  reporter.event({ ...fault, message: "WORKER_EXITED: the last time" });
  t.deepEqual(output.lines, ["WORKER_EXITED: the first time"]);
});

test("says where the weights of a failed run are, and how to go on where that may help", (t) => {
  const output = new FakeOutput();
  const reporter = new PeopleReporter(output, true);
  const { weightsFile, runFolder } = end;
  reporter.failed({ weightsFile, resumable: undefined });
  t.deepEqual(output.lines, ["The last good weights are saved in runs/one/final.safetensors"]);
  reporter.failed({ weightsFile: undefined, resumable: runFolder });
  t.is(output.lines[1], "Go on:    pnpm trainer start --resume runs/one");
});
