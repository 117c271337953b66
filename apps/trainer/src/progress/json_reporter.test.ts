import test from "ava";
import { FakeOutput } from "../../test/fake_environment.ts";
import { end, play } from "../../test/sample_run.ts";
import { jsonReporter, writeJson } from "./json_reporter.ts";

test("writes one object a line, in the order of the run, and nothing for bars", (t) => {
  const output = new FakeOutput();
  play(jsonReporter(output));
  t.deepEqual(
    output.events.map(({ event }) => event),
    "start step step epoch evaluation step step epoch evaluation checkpoint end".split(" "),
  );
});

test("keeps the names of the fields, which are published", (t) => {
  const output = new FakeOutput();
  play(jsonReporter(output));
  const find = (name: string) => output.events.find(({ event }) => event === name);
  t.deepEqual(find("start"), {
    event: "start",
    dataset: "mnist",
    model: "seed-cnn",
    parameters: 102_130,
    workers: 4,
    requestedWorkers: 6,
    shards: 4,
    batchSize: 64,
    epochs: 2,
    steps: 200,
    images: 12_800,
    seed: 1,
    kernels: "narrow",
    testImages: 1000,
    optimizer: { kind: "sgd", learningRate: 0.001, momentum: 0.9, nesterov: false, weightDecay: 0 },
    normalization: { mean: 0.5, deviation: 0.5 },
    dataSource: "/data/mnist",
    dataSha256: "fedcba9876543210".repeat(4),
    runDir: "/home/me/runs/one",
  });
  t.deepEqual(find("step"), { event: "step", epoch: 1, step: 100, loss: 2.29149 });
  t.deepEqual(find("epoch"), {
    event: "epoch",
    epoch: 1,
    loss: 2.045,
    trainAccuracy: 0.4,
    imagesPerSecond: 6400,
    seconds: 2,
  });
  t.like(find("evaluation"), { epoch: 1, testAccuracy: 0.7, correct: 700, total: 1000 });
  t.deepEqual(find("checkpoint"), {
    event: "checkpoint",
    epoch: 2,
    step: 400,
    file: "/home/me/runs/one/final.safetensors",
  });
  t.deepEqual(find("end"), {
    event: "end",
    epochs: 2,
    steps: 400,
    seconds: 3.5,
    imagesPerSecond: 8533,
    weightsSha256: end.weightsSha256,
    testAccuracy: 0.983,
    reached: { accuracy: 0.98, epoch: 2, seconds: 3.4 },
    stopped: false,
    weightsFile: "/home/me/runs/one/final.safetensors",
  });
});

test("says how each epoch did on images kept away from training, and where the best weights are", (t) => {
  const output = new FakeOutput();
  const reporter = jsonReporter(output);
  const validation = {
    event: "validation",
    epoch: 1,
    validationAccuracy: 0.75,
    validationLoss: 0.5,
    correct: 3,
    total: 4,
    best: true,
  } as const;
  reporter.event(validation);
  const file = { path: "/home/me/runs/one/best.safetensors", name: "runs/one/best.safetensors" };
  reporter.end({ ...end, best: { epoch: 1, step: 200, validationAccuracy: 0.75, file } });
  t.deepEqual(output.events[0], validation);
  t.deepEqual(output.events[1]["best"], { epoch: 1, step: 200, validationAccuracy: 0.75, file: file.path });
});

test("passes a fault on with its code and place", (t) => {
  const output = new FakeOutput();
  jsonReporter(output).event({
    event: "fault",
    code: "WORKER_HUNG",
    message: "WORKER_HUNG: …",
    worker: 1,
    phase: "train",
    epoch: 2,
    step: 3,
    restart: 1,
  });
  const place = { worker: 1, phase: "train", epoch: 2, step: 3 };
  t.deepEqual(output.events, [
    { event: "fault", code: "WORKER_HUNG", message: "WORKER_HUNG: …", ...place, restart: 1 },
  ]);
});

test("a line holds nothing that a terminal obeys, means the same, and is not longer than a screen can bear", (t) => {
  const output = new FakeOutput();
  const value = { name: "\u001b[2J\u009b\u202e\u2028 猫", list: ["\u200b"] };
  writeJson(output, value);
  t.notRegex(output.text.trimEnd(), /[\p{C}\p{Zl}\p{Zp}]/u);
  t.deepEqual(JSON.parse(output.text), value);
  writeJson(output, { text: "x".repeat(2 ** 20) });
  t.true(output.lines[1].length < 33_000);
});
