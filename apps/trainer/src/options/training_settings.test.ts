import { usableCores } from "@convoy/parallel/machine";
import { networks } from "@convoy/core";
import { DATASET_NAMES } from "@convoy/datasets";
import test from "ava";
import { datasetNames } from "./data_options.ts";
import { parseOptions } from "./parse_options.ts";
import { startOptions } from "./start_options.ts";
import { trainingSettings } from "./training_settings.ts";

const settings = (...argv: string[]) => trainingSettings(parseOptions("start", startOptions, argv).values);

test("is the PyTorch program when nothing is said", (t) => {
  const { values } = parseOptions("start", startOptions, []);
  t.like(values, { dataset: "mnist", epochs: 10, "batch-size": 64, seed: 1, json: false, quiet: false });
  t.is(values.model.build, networks["seed-cnn"]);
  t.deepEqual(settings(), {
    optimizer: { kind: "sgd", learningRate: 0.001, momentum: 0.9, nesterov: false, weightDecay: 0 },
    workers: usableCores(),
    shards: 4,
  });
});

test("has no momentum with adam", (t) => {
  t.deepEqual(settings("--optimizer", "adam", "--learning-rate", "0.01", "--weight-decay", "0.1").optimizer, {
    kind: "adam",
    learningRate: 0.01,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    weightDecay: 0.1,
  });
});

test("takes every option that the optimizer has", (t) => {
  const argv = "--optimizer adam --beta1 0.5 --beta2 0.75 --epsilon 1e-4".split(" ");
  t.like(settings(...argv).optimizer, { kind: "adam", beta1: 0.5, beta2: 0.75, epsilon: 1e-4 });
});

test("lets momentum, Nesterov, shards and workers be chosen", (t) => {
  const argv = "--momentum 0.5 --nesterov --shards 8 --workers 3".split(" ");
  const { optimizer, ...rest } = settings(...argv);
  t.like(optimizer, { momentum: 0.5, nesterov: true });
  t.deepEqual(rest, { workers: 3, shards: 8 });
});

test("knows every data set that there is", (t) => {
  t.deepEqual([...datasetNames], [...DATASET_NAMES]);
});
