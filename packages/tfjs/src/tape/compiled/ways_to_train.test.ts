import type { Optimizer, Tensor } from "@tensorflow/tfjs-core";
import * as tfl from "@tensorflow/tfjs-layers";
import test, { type ExecutionContext } from "ava";
import type { AnyLayer } from "../layers_in_fields.ts";
import { tensorflow } from "../../../test/tensorflow.ts";
import { trainByReplica, type Tensors } from "../../../test/trained_by_replica.ts";

const tf = await tensorflow();
test.before(() => {
  // tfjs says where it trains other weights than are trainable.
  console.warn = (): void => {};
});
const { layers } = tfl;

type Layer = ReturnType<typeof layers.dense>;
type Train = (model: tfl.LayersModel) => Promise<void>;

const count = 16;
const training = { epochs: 2, batchSize: 8 };

function glorot(seed: number): ReturnType<typeof tfl.initializers.glorotUniform> {
  return tfl.initializers.glorotUniform({ seed });
}

function dense(units: number, seed: number, more: object = {}): Layer {
  return layers.dense({ units, activation: "tanh", kernelInitializer: glorot(seed), ...more });
}

function uniform(shape: readonly number[], seed: number): Tensor {
  return tf.randomUniform([count, ...shape], -1, 1, "float32", seed);
}

function apply(layer: AnyLayer, symbol: unknown): tfl.SymbolicTensor {
  return layer.apply(symbol as tfl.SymbolicTensor) as tfl.SymbolicTensor;
}

function perceptron(): tfl.Sequential {
  return tfl.sequential({
    layers: [dense(4, 1, { inputShape: [5] }), layers.batchNormalization({}), dense(4, 2), dense(2, 3)],
  });
}

function compiled<Model extends tfl.LayersModel>(
  model: Model,
  optimizer: Optimizer | string = tf.train.adam(0.05),
): Model {
  model.compile({ optimizer, loss: "meanSquaredError" });
  return model;
}

/** 5 → 4 → 2, the first two layers in a model inside. */
function nested(inside: tfl.LayersModel): tfl.LayersModel {
  const input = tfl.input({ shape: [5] });
  return tfl.model({ inputs: input, outputs: apply(dense(2, 3), apply(inside, input)) });
}

function inner(): tfl.LayersModel {
  const input = tfl.input({ shape: [5] });
  return tfl.model({ inputs: input, outputs: apply(layers.batchNormalization({}), apply(dense(4, 1), input)) });
}

function innerSequential(): tfl.Sequential {
  return tfl.sequential({ layers: [dense(4, 1, { inputShape: [5] }), layers.batchNormalization({})] });
}

function recurrent(layer: unknown): tfl.Sequential {
  return tfl.sequential({ layers: [layer as Layer, dense(2, 3)] });
}

function lstm(more: object = {}): Layer {
  // As many inputs as units: the kernel and the recurrent one have one shape.
  const made = layers.lstm({ units: 3, kernelInitializer: glorot(1), recurrentInitializer: glorot(2), ...more });
  return made as unknown as Layer;
}

/** A model for vectors of 5 or series of 4 × 3, and what people do with it before they train it. */
interface Way {
  readonly make: () => tfl.LayersModel | Promise<tfl.LayersModel>;
  /** What is done to it in turn, by `model.fit` or by ours. */
  readonly prepare?: (model: tfl.LayersModel, train: Train) => void | Promise<void>;
}

function freeze(model: tfl.LayersModel, ...which: readonly number[]): void {
  for (const i of which) model.layers[i].trainable = false;
}

function twice(change: (model: tfl.LayersModel) => void): NonNullable<Way["prepare"]> {
  return async (model, train) => {
    await train(model);
    change(model);
    await train(model);
  };
}

const ways: Readonly<Record<string, Way>> = {
  "frozen before it was compiled": {
    make() {
      const model = perceptron();
      freeze(model, 0);
      return compiled(model);
    },
  },
  "frozen after it was compiled": {
    make: () => compiled(perceptron()),
    prepare: (model) => freeze(model, 0, 1),
  },
  "frozen between two fits, and not compiled again": {
    make: () => compiled(perceptron()),
    prepare: twice((model) => freeze(model, 0, 2)),
  },
  "thawed after it was compiled, and not compiled again": {
    make() {
      const model = perceptron();
      freeze(model, 0, 1);
      return compiled(model);
    },
    prepare(model) {
      for (const layer of model.layers) layer.trainable = true;
    },
  },
  "thawed, and compiled again with a new optimizer": {
    make() {
      const model = perceptron();
      freeze(model, 0, 1);
      return compiled(model);
    },
    prepare: twice((model) => {
      for (const layer of model.layers) layer.trainable = true;
      compiled(model, tf.train.rmsprop(0.01));
    }),
  },
  "its last layers frozen, and compiled again with the optimizer that it had": {
    make: () => compiled(perceptron()),
    prepare: twice((model) => {
      freeze(model, 2, 3);
      compiled(model, model.optimizer);
    }),
  },
  "frozen as a whole, and then one layer thawed, all after it was compiled": {
    make: () => compiled(perceptron()),
    prepare(model) {
      model.trainable = false;
      for (const layer of model.layers) layer.trainable = false;
      model.layers[3].trainable = true;
    },
  },
  "with single weights frozen": {
    make() {
      const model = perceptron();
      for (const layer of model.layers) layer.weights[0].trainable = false;
      return compiled(model);
    },
  },
  "with the recurrent kernel alone trained": {
    make() {
      const model = recurrent(lstm({ inputShape: [4, 3] }));
      for (const i of [0, 2]) model.layers[0].weights[i].trainable = false;
      return compiled(model);
    },
  },
  "with a recurrent layer frozen after it was compiled, which tfjs does not heed": {
    make: () => compiled(recurrent(lstm({ inputShape: [4, 3] }))),
    prepare: (model) => freeze(model, 0),
  },
  "with a recurrent layer frozen before": {
    make() {
      const model = recurrent(lstm({ inputShape: [4, 3], trainable: false }));
      return compiled(model);
    },
  },
  "with a bidirectional layer, frozen after it was compiled": {
    make() {
      const wrapped = layers.bidirectional({ layer: lstm() as never, mergeMode: "sum", inputShape: [4, 3] });
      return compiled(recurrent(wrapped));
    },
    prepare: (model) => freeze(model, 0),
  },
  "with a wrapper around a model, single weights of which are frozen": {
    make() {
      const input = tfl.input({ shape: [3] });
      const inside = tfl.model({
        inputs: input,
        outputs: apply(layers.batchNormalization({}), apply(dense(3, 1), input)),
      });
      const wrapped = layers.timeDistributed({ layer: inside, inputShape: [4, 3] });
      inside.layers[1].weights[0].trainable = false;
      return compiled(tfl.sequential({ layers: [wrapped, layers.flatten(), dense(2, 3)] }));
    },
  },
  "with a model inside": { make: () => compiled(nested(inner())) },
  "with a sequential inside a sequential": {
    make: () => compiled(tfl.sequential({ layers: [innerSequential(), dense(2, 3)] })),
  },
  "with a model inside that was frozen before": {
    make() {
      const inside = inner();
      inside.trainable = false;
      return compiled(nested(inside));
    },
  },
  "with a model inside, a layer of which was frozen": {
    make() {
      const inside = innerSequential();
      inside.layers[0].trainable = false;
      return compiled(nested(inside));
    },
  },
  "with a model inside that is frozen after it was compiled": {
    make: () => compiled(nested(innerSequential())),
    prepare(model) {
      model.layers[1].trainable = false;
    },
  },
  "with a layer that is used twice": {
    make() {
      const input = tfl.input({ shape: [5] });
      const shared = dense(5, 1, { kernelRegularizer: "l1l2" });
      return compiled(tfl.model({ inputs: input, outputs: apply(dense(2, 3), apply(shared, apply(shared, input))) }));
    },
  },
  "with a model that is used twice": {
    make() {
      const [a, b] = [tfl.input({ shape: [5] }), tfl.input({ shape: [5] })];
      const inside = innerSequential();
      const joined = layers.concatenate().apply([apply(inside, a), apply(inside, b)]);
      return compiled(tfl.model({ inputs: [a, b], outputs: apply(dense(2, 3), joined) }));
    },
  },
  "with a layer that a model inside and the model itself share": {
    make() {
      const [shared, normalization] = [dense(5, 1, { kernelRegularizer: "l1l2" }), layers.batchNormalization({})];
      const within = tfl.input({ shape: [5] });
      const inside = tfl.model({ inputs: within, outputs: apply(normalization, apply(shared, within)) });
      const input = tfl.input({ shape: [5] });
      const twofold = apply(normalization, apply(shared, apply(inside, input)));
      return compiled(tfl.model({ inputs: input, outputs: apply(dense(2, 3), twofold) }));
    },
  },
  "with a layer that a sequential inside a sequential and the outer one share": {
    make() {
      const shared = dense(5, 1);
      const inside = tfl.sequential({ layers: [layers.batchNormalization({ inputShape: [5] }), shared] });
      return compiled(tfl.sequential({ layers: [inside, shared, dense(2, 3)] }));
    },
  },
  "of layers that another compiled model has too": {
    make() {
      const model = perceptron();
      const head = tfl.model({ inputs: model.inputs, outputs: model.layers[2].output });
      compiled(head);
      return compiled(model);
    },
  },
  "with weights that the loss does not reach": {
    make() {
      const input = tfl.input({ shape: [5] });
      const unused = layers.embedding({ inputDim: 3, outputDim: 2, embeddingsInitializer: glorot(4) });
      const rounded = layers.reLU({ maxValue: 0 }).apply(input);
      const joined = layers
        .concatenate()
        .apply([apply(dense(4, 1), input), apply(layers.flatten(), apply(unused, rounded))]);
      return compiled(tfl.model({ inputs: input, outputs: apply(dense(2, 3), joined) }));
    },
  },
  "compiled again with another optimizer between two fits": {
    make: () => compiled(perceptron(), tf.train.momentum(0.05, 0.9)),
    prepare: twice((model) => compiled(model, "adamax")),
  },
  "compiled again with the same optimizer between two fits": {
    make: () => compiled(perceptron()),
    prepare: twice((model) => compiled(model, model.optimizer)),
  },
  "with another optimizer set, without compiling": {
    make: () => compiled(perceptron()),
    prepare(model) {
      model.optimizer = tf.train.adagrad(0.1);
    },
  },
  "with its learning rate changed between two fits": {
    make: () => compiled(perceptron()),
    prepare: twice(({ optimizer }) => Object.assign(optimizer, { learningRate: 0.2 })),
  },
  "with sgd's learning rate changed between two fits": {
    make: () => compiled(perceptron(), tf.train.sgd(0.1)),
    prepare: twice(({ optimizer }) => (optimizer as ReturnType<typeof tf.train.sgd>).setLearningRate(0.3)),
  },
  "with layers taken away": {
    make() {
      const model = perceptron();
      model.add(dense(7, 5));
      model.pop();
      return compiled(model);
    },
  },
  "with regularizers in frozen layers": {
    make() {
      const model = tfl.sequential({
        layers: [
          dense(4, 1, { inputShape: [5], kernelRegularizer: "l1l2", trainable: false }),
          dense(2, 2, { biasRegularizer: "l1l2" }),
        ],
      });
      return compiled(model);
    },
  },
};

/** A copy of the model, trained by either, from the same weights and on the same data. */
async function trainBoth(t: ExecutionContext, { make, prepare }: Way): Promise<void> {
  const losses: number[][] = [];
  const weights: Tensor[][] = [];
  const before: Tensor[] = [];
  for (const train of [byTfjs, trainByReplica]) {
    const model = await make();
    const data = dataFor(model);
    if (before.length === 0) before.push(...model.getWeights().map((weight) => tf.clone(weight)));
    const told: number[] = [];
    const each: Train = async (trained) => void told.push(...(await train(trained, data, training)));
    await prepare?.(model, each);
    await each(model);
    losses.push(told);
    weights.push(model.getWeights());
  }
  close(t, losses[1], losses[0], "losses");
  for (const [i, weight] of weights[0].entries()) {
    close(t, [...weights[1][i].dataSync()], [...weight.dataSync()], `weight ${i}`);
  }
  t.true(weights[0].some((weight, i) => weight.dataSync().some((value, j) => value !== before[i].dataSync()[j])));
}

async function byTfjs(model: tfl.LayersModel, { x, y }: Tensors): Promise<number[]> {
  const { history } = await model.fit([...x], [...y], { ...training, shuffle: false, yieldEvery: "never" });
  return history["loss"] as number[];
}

function dataFor({ inputs, outputs }: tfl.LayersModel): Tensors {
  return { x: samplesOf(inputs, 10), y: samplesOf(outputs, 20) };
}

function samplesOf(symbols: readonly tfl.SymbolicTensor[], seed: number): Tensor[] {
  return symbols.map(({ shape }, i) => uniform(shape.slice(1) as number[], seed + i));
}

function close(t: ExecutionContext, found: readonly number[], expected: readonly number[], what: string): void {
  const scale = Math.max(1, ...expected.map(Math.abs));
  const worst = Math.max(...expected.map((value, i) => Math.abs(value - found[i]))) / scale;
  t.true(found.length === expected.length && worst < 2e-6, `${what}: ${found.join()} for ${expected.join()}`);
}

for (const [name, way] of Object.entries(ways)) {
  test.serial(`trains what model.fit trains: a model ${name}`, async (t) => {
    await trainBoth(t, way);
  });
}

test.serial("an optimizer that remembers other weights is refused, where model.fit fails in the middle", async (t) => {
  const model = compiled(perceptron());
  const data = dataFor(model);
  await trainByReplica(model, data, training);
  freeze(model, 0, 1);
  compiled(model, model.optimizer);
  const message = /remembers \d+ vectors of other weights than the 4 .*Compile the model with a new optimizer/;
  await t.throwsAsync(trainByReplica(model, data, training), { code: "TAPE_OPTIMIZER", message });
  await t.throwsAsync(byTfjs(model, data));
});

const unheeded: Readonly<Record<string, readonly [optimizer: () => Optimizer, change: object, message: RegExp]>> = {
  "sgd's learningRate": [
    () => tf.train.sgd(0.1),
    { learningRate: 0.5 },
    /learningRate .* 0\.5, .* with 0\.1: .*setLearningRate/,
  ],
  "momentum's learningRate": [() => tf.train.momentum(0.1, 0.9), { learningRate: 0.5 }, /learningRate .* 0\.5/],
  "momentum's momentum": [() => tf.train.momentum(0.1, 0.9), { momentum: 0 }, /momentum was set to 0, .* with 0\.9/],
};
for (const [name, [optimizer, change, message]] of Object.entries(unheeded)) {
  test.serial(`${name}, set as a field, has no effect in tfjs: it is refused`, async (t) => {
    const [model, other] = [compiled(perceptron(), optimizer()), compiled(perceptron(), optimizer())];
    const data = dataFor(model);
    Object.assign(model.optimizer, change);
    await t.throwsAsync(trainByReplica(model, data, training), { code: "TAPE_OPTIMIZER", message });
    t.deepEqual(await byTfjs(model, data), await byTfjs(other, data));
  });
}

test.serial("a model that had layers added since it was compiled is refused, as by model.fit", async (t) => {
  const model = compiled(perceptron());
  const data = dataFor(model);
  model.add(dense(2, 4));
  await t.throwsAsync(trainByReplica(model, data, training), { code: "TAPE_NOT_COMPILED" });
  await t.throwsAsync(byTfjs(model, data), { message: /needs to be compiled/ });
});

/** Layers as files of Keras say them, in other words than tfjs-layers itself writes. */
const saidByKeras: Readonly<
  Record<string, readonly [shape: readonly number[], ...layers: (readonly [string, object])[]]>
> = {
  "axis of a batch normalization in a list": [
    [4, 4, 2],
    ["BatchNormalization", { axis: [3], momentum: 0.9 }],
  ],
  "axis of a frozen batch normalization in a list": [
    [4, 4, 2],
    ["BatchNormalization", { axis: [3], trainable: false }],
  ],
  "axis of a batch normalization as text": [
    [4, 4, 2],
    ["BatchNormalization", { axis: "3" }],
  ],
  "axis of a batch normalization of vectors in a list": [[5], ["BatchNormalization", { axis: [1] }]],
  "axis of a batch normalization of series in a list": [
    [5, 3],
    ["BatchNormalization", { axis: [2] }],
  ],
  "axis of a batch normalization inside a wrapper": [
    [4, 3],
    ["TimeDistributed", { layer: { class_name: "BatchNormalization", config: { axis: [1] } } }],
  ],
  "axes of a layer normalization": [
    [5, 3],
    ["LayerNormalization", { axis: [1, 2] }],
  ],
  "numbers for pairs": [
    [5, 5, 2],
    ["Conv2D", { filters: 3, kernel_size: 2, strides: 1, dilation_rate: 1, groups: 1 }],
  ],
  "channels first": [
    [2, 5, 5],
    ["Conv2D", { filters: 3, kernel_size: [2, 2], data_format: "channels_first" }],
  ],
  "no strides": [
    [5, 5, 2],
    ["MaxPooling2D", { pool_size: [2, 2], strides: null, padding: "valid" }],
  ],
  "several channels of each": [
    [5, 5, 2],
    ["SeparableConv2D", { filters: 3, kernel_size: 2, depth_multiplier: 2 }],
  ],
  "flags as numbers": [
    [5],
    ["Dense", { units: 4, use_bias: 1, trainable: 0 }],
    ["Dense", { units: 3, activation: null }],
  ],
  "one axis for several": [
    [4, 3, 2],
    ["PReLU", { shared_axes: 1 }],
  ],
  "rates of one and of zero": [
    [5],
    ["Dropout", { rate: 1 }],
    ["GaussianNoise", { stddev: 0 }],
    ["Dropout", { rate: 0 }],
  ],
  "a mask and its reader": [
    [4, 3],
    ["Masking", { mask_value: 0 }],
    ["LSTM", { units: 3, implementation: 0 }],
  ],
  "cells in cells": [
    [4, 3],
    ["RNN", { cell: { class_name: "StackedRNNCells", config: { cells: [cell("GRUCell"), cell("LSTMCell")] } } }],
  ],
};

function cell(kind: string): object {
  return { class_name: kind, config: { units: 2 } };
}

async function fromKeras(
  shape: readonly number[],
  kinds: readonly (readonly [string, object])[],
): Promise<tfl.LayersModel> {
  const config = kinds.map(([kind, options], i) => {
    const first = i === 0 ? { batch_input_shape: [null, ...shape], dtype: "float32" } : {};
    return { class_name: kind, config: { name: `layer_${i}`, ...first, ...options } };
  });
  const modelTopology = {
    class_name: "Sequential",
    config: { name: "sequential", layers: config },
    keras_version: "2.7.0",
  };
  const model = (await tfl.models.modelFromJSON({ modelTopology } as never)) as tfl.Sequential;
  if (model.outputs[0].rank > 2) model.add(layers.flatten());
  model.add(dense(2, 3));
  // Their initializers draw from Math.random.
  model.setWeights(
    model.weights.map(({ shape: size, name }, i) =>
      /variance/.test(name) ? tf.ones(size as number[]) : tf.randomUniform(size as number[], -1, 1, "float32", i),
    ),
  );
  return compiled(model, tf.train.momentum(0.05, 0.9));
}

for (const [name, [shape, ...kinds]] of Object.entries(saidByKeras)) {
  test.serial(`trains what model.fit trains, as a Keras file says it: ${name}`, async (t) => {
    await trainBoth(t, { make: async () => fromKeras(shape, kinds) });
  });
}
