import * as tfl from "@tensorflow/tfjs-layers";
import test from "ava";
import { tensorflow } from "../../test/tensorflow.ts";
import { checkLayersModel } from "./check_layers_model.ts";

await tensorflow();
const { layers } = tfl;
type Layer = tfl.LayersModel["layers"][number];

/** A classifier of 4×4 images with some layers in its middle. */
function model(...middle: Layer[]): tfl.LayersModel {
  return tfl.sequential({
    layers: [
      layers.conv2d({ inputShape: [4, 4, 1], filters: 2, kernelSize: 3 }),
      ...middle,
      layers.flatten(),
      layers.dense({ units: 3 }),
    ],
  });
}

test("tells what a replica must know", (t) => {
  t.deepEqual(checkLayersModel(model()), { inputShape: [4, 4, 1], classes: 3, softmax: false });
});

test("finds a softmax at the end, wherever it is written", (t) => {
  const inputShape = [4, 4, 1];
  const flat = layers.flatten({ inputShape });
  const endings: Layer[][] = [
    [layers.dense({ units: 3, activation: "softmax" })],
    [layers.dense({ units: 3 }), layers.softmax()],
    [layers.dense({ units: 3 }), layers.activation({ activation: "softmax" })],
    [tfl.sequential({ layers: [layers.dense({ inputShape: [16], units: 3, activation: "softmax" })] })],
  ];
  for (const ending of endings) t.true(checkLayersModel(tfl.sequential({ layers: [flat, ...ending] })).softmax);
  const input = tfl.input({ shape: inputShape });
  const probabilities = layers.dense({ units: 3, activation: "softmax" });
  const output = probabilities.apply(layers.flatten().apply(input)) as tfl.SymbolicTensor;
  t.true(checkLayersModel(tfl.model({ inputs: input, outputs: output })).softmax);
});

const refusals: Record<string, [layer: () => Layer, message: RegExp]> = {
  dropout: [
    () => layers.dropout({ rate: 0.5, name: "drop" }),
    /layer "drop" \(Dropout\) draws random numbers.*\{ x, y \}/,
  ],
  "gaussian noise": [() => layers.gaussianNoise({ stddev: 1 }), /GaussianNoise/],
  "gaussian dropout": [() => layers.gaussianDropout({ rate: 0.5 }), /GaussianDropout/],
  "alpha dropout": [() => layers.alphaDropout({ rate: 0.5 }), /AlphaDropout/],
  "a dropout inside a wrapper": [
    () => layers.timeDistributed({ layer: layers.dropout({ rate: 0.5 }), name: "each" }),
    /layer "each" \(Dropout\)/,
  ],
  "a dropout inside a model": [
    () => tfl.sequential({ layers: [layers.dropout({ inputShape: [2, 2, 2], rate: 0.5, name: "inner" })] }),
    /layer "inner" \(Dropout\)/,
  ],
  "batch normalization": [() => layers.batchNormalization({}), /BatchNormalization.*trainable false/],
  "batch normalization without numbers of its own": [
    () => layers.batchNormalization({ scale: false, center: false }),
    /BatchNormalization/,
  ],
  "a regularizer": [
    () => layers.conv2d({ filters: 1, kernelSize: 1, kernelRegularizer: tfl.regularizers.l2(), name: "conv" }),
    /layer "conv" has a kernelRegularizer.*weightDecay/,
  ],
  "a constraint": [
    () => layers.conv2d({ filters: 1, kernelSize: 1, biasConstraint: "nonNeg" }),
    /has a biasConstraint, which the optimizers/,
  ],
};
for (const [name, [layer, message]] of Object.entries(refusals)) {
  test(`refuses ${name}`, (t) => {
    t.throws(() => checkLayersModel(model(layer())), { code: "TAPE_LAYER_UNSUPPORTED", message });
  });
}

function recurrent(dropout: number, recurrentDropout: number): tfl.LayersModel {
  return tfl.sequential({
    layers: [
      layers.reshape({ inputShape: [4, 4, 1], targetShape: [4, 4] }),
      layers.simpleRNN({ units: 3, dropout, recurrentDropout, recurrentInitializer: "glorotUniform" }),
    ],
  });
}

test("refuses recurrent layers that drop, and takes those that do not", (t) => {
  t.notThrows(() => checkLayersModel(recurrent(0, 0)));
  t.throws(() => checkLayersModel(recurrent(0.2, 0)), { code: "TAPE_LAYER_UNSUPPORTED", message: /has dropout/ });
  t.throws(() => checkLayersModel(recurrent(0, 0.2)), {
    code: "TAPE_LAYER_UNSUPPORTED",
    message: /has recurrentDropout/,
  });
});

test("takes a batch normalization that is frozen, by itself or with the model around it", (t) => {
  t.notThrows(() => checkLayersModel(model(layers.batchNormalization({ trainable: false }))));
  const base = tfl.sequential({ layers: [layers.batchNormalization({ inputShape: [2, 2, 2] })] });
  base.trainable = false;
  t.notThrows(() => checkLayersModel(model(base)));
});

const shapes: Record<string, [model: () => tfl.LayersModel, message: RegExp]> = {
  "a model without inputs": [() => tfl.sequential(), /0 inputs and 0 outputs.*inputShape/],
  "a model with two outputs": [
    () => {
      const input = tfl.input({ shape: [4, 4, 1] });
      const flat = layers.flatten().apply(input) as tfl.SymbolicTensor;
      const outputs = [1, 2].map(() => layers.dense({ units: 3 }).apply(flat) as tfl.SymbolicTensor);
      return tfl.model({ inputs: input, outputs });
    },
    /1 inputs and 2 outputs/,
  ],
  "rows instead of images": [
    () => tfl.sequential({ layers: [layers.dense({ inputShape: [16], units: 3 })] }),
    /takes \[null, 16\]/,
  ],
  "images of any size": [
    () =>
      tfl.sequential({
        layers: [
          layers.conv2d({ inputShape: [null, null, 1], filters: 3, kernelSize: 3 }),
          layers.globalAveragePooling2d({}),
        ],
      }),
    /takes \[null, null, null, 1\]/,
  ],
  "an image for an answer": [
    () => tfl.sequential({ layers: [layers.conv2d({ inputShape: [4, 4, 1], filters: 3, kernelSize: 3 })] }),
    /gives \[null, 2, 2, 3\]/,
  ],
  "a model in which nothing is trainable": [
    () => {
      const frozen = model();
      for (const layer of frozen.layers) layer.trainable = false;
      return frozen;
    },
    /no trainable weights/,
  ],
};
for (const [name, [make, message]] of Object.entries(shapes)) {
  test(`refuses ${name}`, (t) => {
    t.throws(() => checkLayersModel(make()), { code: "TAPE_MODEL", message });
  });
}
