import * as tfl from "@tensorflow/tfjs-layers";
import test from "ava";
import { tensorflow } from "../../../test/tensorflow.ts";
import { stepCost } from "./step_cost.ts";

const { layers } = tfl;

test.before(async () => {
  await tensorflow();
});

/** Multiplications of one sample, forward, by hand. */
const products: Readonly<Record<string, readonly [layer: () => unknown, products: number]>> = {
  dense: [() => layers.dense({ inputShape: [20], units: 5 }), 100],
  "dense, of each row": [() => layers.dense({ inputShape: [7, 20], units: 5 }), 700],
  convolution: [() => layers.conv2d({ inputShape: [8, 6, 3], filters: 4, kernelSize: 3 }), 6 * 4 * 9 * 3 * 4],
  "convolution, channels first": [
    () => layers.conv2d({ inputShape: [3, 8, 6], filters: 4, kernelSize: 3, dataFormat: "channelsFirst" }),
    6 * 4 * 9 * 3 * 4,
  ],
  "recurrent, of each time step": [
    () => layers.simpleRNN({ inputShape: [9, 4], units: 5, recurrentInitializer: "zeros" }),
    9 * (4 * 5 + 5 * 5),
  ],
  "an embedding, which looks up": [() => layers.embedding({ inputShape: [9], inputDim: 50, outputDim: 5 }), 0],
  "a model inside": [
    () => tfl.sequential({ layers: [layers.dense({ inputShape: [20], units: 5 }), layers.dense({ units: 3 })] }),
    115,
  ],
};
for (const [name, [layer, expected]] of Object.entries(products)) {
  test.serial(`counts the products of a layer by the shapes of weights and outputs: ${name}`, (t) => {
    const model = tfl.sequential({ layers: [layer() as ReturnType<typeof layers.dense>] });
    // Six operations a product, forward and backward, at 30 · 10⁹ a second.
    t.is(Math.round((stepCost(model).millisecondsPerSample / 6) * 30e6), expected);
  });
}

function dense(units: number): tfl.LayersModel {
  return tfl.sequential({ layers: [layers.dense({ inputShape: [100], units, useBias: false })] });
}

test.serial("a weight costs once more for each shard, and so does a call", (t) => {
  const [small, large] = [dense(1), dense(1001)].map((model) => stepCost(model).millisecondsPerShard);
  t.true(Math.abs(large - small - 100_000 * 10e-6) < 1e-9);
  t.true(small > 0.1 && small < 0.2);
});
