import type { Optimizer } from "@tensorflow/tfjs-core";
import * as tfl from "@tensorflow/tfjs-layers";
import test, { type ExecutionContext } from "ava";
import { perceptron, rows, weightsOf } from "../../test/compiled_models.ts";
import type { CompiledFault } from "../../test/inject_compiled_faults.ts";
import { tensorflow } from "../../test/tensorflow.ts";
import { createTrainer } from "../fit/create_trainer.ts";
import { fit } from "../fit/fit.ts";
import type { LayersCallback } from "./callbacks.ts";
import type { LayersFitEvent } from "./events.ts";
import type { LayersFitOptions } from "./options.ts";

const tf = await tensorflow();
const data = rows(48);
const x = tf.tensor(data.x.values, [48, 6]);
const y = tf.tensor(data.y.values, [48, 3]);
const options = { epochs: 3, batchSize: 16, shuffle: false, workers: 1 };

function compiled(optimizer: Optimizer = tf.train.adam(0.05)): tfl.Sequential {
  const model = perceptron();
  model.compile({ optimizer, loss: "categoricalCrossentropy", metrics: ["accuracy"] });
  return model;
}

function near(t: ExecutionContext, found: readonly number[], expected: readonly number[]): void {
  t.true(Math.max(...found.map((value, i) => Math.abs(value - expected[i]))) < 2e-6);
}

type Change = (optimizer: Optimizer, epoch: number) => void;

function setting({ optimizer }: tfl.Sequential, change: Change): LayersCallback {
  return { onEpochEnd: (epoch: number) => change(optimizer, epoch) };
}

const rates: Readonly<Record<string, readonly [rate: number, () => Optimizer, Change]>> = {
  "adam's, as a field": [
    0.05,
    () => tf.train.adam(0.05),
    (optimizer, epoch) => void Object.assign(optimizer, { learningRate: 0.05 / (epoch + 2) }),
  ],
  "momentum's, by its method": [
    0.1,
    () => tf.train.momentum(0.1, 0.9),
    (optimizer, epoch) => (optimizer as ReturnType<typeof tf.train.momentum>).setLearningRate(0.1 / (epoch + 2)),
  ],
};
for (const [name, [rate, make, change]] of Object.entries(rates)) {
  test.serial(`a learning rate that a callback sets counts from the next epoch on: ${name}`, async (t) => {
    const [theirs, ours] = [compiled(make()), compiled(make())];
    await theirs.fit(x, y, { ...options, callbacks: setting(theirs, change) as tfl.CustomCallbackArgs });
    const events: LayersFitEvent[] = [];
    const onEvent = (event: LayersFitEvent): void => void events.push(event);
    await fit(ours, data, { ...options, callbacks: setting(ours, change), onEvent });
    near(t, weightsOf(ours), weightsOf(theirs));
    const told = events.filter(({ event }) => event === "optimizer");
    t.like(told, { length: 2, 0: { epoch: 2 }, 1: { epoch: 3, settings: { learningRate: rate / 3 } } });
  });
}

test.serial("a learning rate set in an event counts too, for any number of workers, and after a fault", async (t) => {
  const module = import.meta.resolve("../../test/inject_compiled_faults.ts");
  const shared = new Int32Array(new SharedArrayBuffer(8));
  const fault: CompiledFault = { kind: "throw", worker: 0, step: 7, times: 1, shared };
  const trainers = [fit, fit, createTrainer({ replicaWrapper: { module, data: fault } })];
  const hashes = new Set<string>();
  let faults = 0;
  for (const [i, trainer] of trainers.entries()) {
    const model = compiled();
    const onEvent = ({ event }: LayersFitEvent): void => {
      if (event === "fault") faults++;
      if (event === "epoch") Object.assign(model.optimizer, { learningRate: 0.01 });
    };
    hashes.add((await trainer(model, data, { ...options, shards: 3, workers: [1, 3, 2][i], onEvent })).weightsSha256);
  }
  const untouched = compiled();
  hashes.add((await fit(untouched, data, { ...options, shards: 3 })).weightsSha256);
  t.is(faults, 1);
  t.is(hashes.size, 2);
});

/** Notes everything that is called on it. */
class Noting extends tfl.Callback {
  readonly calls: unknown[] = [];
  override async onTrainBegin(): Promise<void> {
    this.calls.push("train begins");
  }
  override async onEpochBegin(epoch: number): Promise<void> {
    this.calls.push(["epoch begins", epoch]);
  }
  override async onEpochEnd(epoch: number, logs: Record<string, number | object> = {}): Promise<void> {
    this.calls.push(["epoch ends", epoch, Object.keys(logs).toSorted()]);
  }
  override async onTrainEnd(): Promise<void> {
    this.calls.push("train ends");
  }
}

test.serial("callbacks are called as by model.fit, with its model and parameters", async (t) => {
  const [theirs, ours] = [new Noting(), new Noting()];
  const [model, other] = [compiled(), compiled()];
  await other.fit(x, y, { ...options, validationData: [x, y], callbacks: theirs });
  await fit(model, data, { ...options, validationData: data, callbacks: [ours] });
  t.deepEqual(ours.calls, theirs.calls);
  t.is(ours.calls.length, 8);
  const [found, expected] = [ours, theirs].map(({ params }) => params as Record<string, unknown>);
  for (const name of ["epochs", "samples", "batchSize", "doValidation", "initialEpoch"])
    t.is(found[name], expected[name]);
  t.is((ours as unknown as { model: tfl.LayersModel }).model.stopTraining, false);
});

test.serial("tfjs's early stopping stops after the epoch after which it stops model.fit", async (t) => {
  const stopping = [1, 2].map(() => tfl.callbacks.earlyStopping({ monitor: "loss", minDelta: 1 }));
  const epochs = (await compiled().fit(x, y, { ...options, callbacks: stopping[0] })).epoch;
  const result = await fit(compiled(), data, { ...options, callbacks: stopping[1] });
  t.deepEqual(result.epoch, epochs);
  t.true(epochs.length < options.epochs);
  t.false(result.aborted);
});

test.serial("at the end of an epoch the model has its weights, and keeps what is set after the last one", async (t) => {
  const model = compiled();
  const seen: number[][] = [];
  await fit(model, data, {
    ...options,
    callbacks: {
      onEpochEnd: () => void seen.push(weightsOf(model)),
      onTrainEnd: () => model.setWeights(model.getWeights().map((weight) => tf.zerosLike(weight))),
    },
  });
  t.true(weightsOf(model).every((weight) => weight === 0));
  const again = compiled();
  await fit(again, data, { ...options, epochs: 2 });
  t.deepEqual(seen[1], weightsOf(again));
  t.notDeepEqual(seen[1], seen[2]);
});

const changes: Readonly<Record<string, readonly [(model: tfl.Sequential) => void, code: string, message: RegExp]>> = {
  "compiles the model": [
    (model) => model.compile({ optimizer: "sgd", loss: "meanSquaredError" }),
    "TAPE_MODEL",
    /was compiled, .*between two calls of fit/,
  ],
  "freezes a layer": [(model) => void (model.layers[0].trainable = false), "TAPE_MODEL", /frozen/],
  "sets weights": [
    (model) => model.setWeights(model.getWeights().map((each) => tf.zerosLike(each))),
    "TAPE_MODEL",
    /other weights/,
  ],
  "sets another optimizer": [(model) => void (model.optimizer = tf.train.sgd(1)), "TAPE_MODEL", /was compiled/],
  "sets a rate that tfjs does not heed": [
    ({ optimizer }) => void Object.assign(optimizer, { learningRate: 0.5 }),
    "TAPE_OPTIMIZER",
    /goes on with 0\.1.*setLearningRate/,
  ],
};
for (const [name, [change, code, message]] of Object.entries(changes)) {
  test.serial(`a callback that ${name} ends the run with words`, async (t) => {
    const model = compiled(tf.train.sgd(0.1));
    const callbacks = { onEpochEnd: (epoch: number) => (epoch === 0 ? change(model) : undefined) };
    await t.throwsAsync(fit(model, data, { ...options, callbacks }), { code, message });
  });
}

test.serial("what a callback throws rejects fit, and the model has the weights of the epoch", async (t) => {
  const [model, other] = [compiled(), compiled()];
  const callbacks = {
    onEpochEnd(): void {
      throw new Error("mine");
    },
  };
  await t.throwsAsync(fit(model, data, { ...options, callbacks }), { message: "mine" });
  await fit(other, data, { ...options, epochs: 1 });
  t.deepEqual(weightsOf(model), weightsOf(other));
});

test.serial("a model is trained by one fit at a time", async (t) => {
  const model = compiled();
  const first = fit(model, data, options);
  await t.throwsAsync(
    async () => {
      for (;;) await fit(model, data, { ...options, signal: AbortSignal.abort() });
    },
    { code: "TAPE_MODEL", message: /being trained already/ },
  );
  await t.throwsAsync(model.fit(x, y), { message: /another fit/ });
  await first;
  await t.notThrowsAsync(model.fit(x, y));
});

const refused: Readonly<Record<string, readonly [callbacks: unknown, message: RegExp]>> = {
  "onBatchEnd of an object": [{ onBatchEnd() {} }, /cannot call onBatchEnd.*onEpochEnd, or onEvent/],
  "onBatchBegin of tfjs's custom callback": [new tfl.CustomCallback({ onBatchBegin() {} }), /cannot call onBatchBegin/],
  "onBatchEnd of a class": [
    new (class extends tfl.Callback {
      override async onBatchEnd(): Promise<void> {}
    })(),
    /cannot call onBatchEnd/,
  ],
  "onBatchEnd of a class of one's own": [
    new (class {
      onBatchEnd(): void {}
    })(),
    /cannot call onBatchEnd/,
  ],
  onYield: [[{ onEpochEnd() {} }, { onYield() {} }], /cannot call onYield/],
  "a misspelt name": [{ onEpochFinish() {} }, /no onEpochFinish; fit calls onTrainBegin/],
  "a function": [(): void => {}, /callbacks must be a callback of tfjs/],
};
for (const [name, [callbacks, message]] of Object.entries(refused)) {
  test.serial(`${name} is refused before a thread starts`, async (t) => {
    await t.throwsAsync(fit(compiled(), data, { callbacks } as LayersFitOptions), { code: "FIT_OPTION", message });
  });
}

test.serial("a custom callback of tfjs without the methods of minibatches is taken", async (t) => {
  let epochs = 0;
  await fit(compiled(), data, { ...options, callbacks: new tfl.CustomCallback({ onEpochEnd: () => void epochs++ }) });
  t.is(epochs, 3);
});
