import * as tfl from "@tensorflow/tfjs-layers";
import { stepCost } from "@convoy/tfjs/tape";
import test from "ava";
import { tensorflow } from "../../test/tensorflow.ts";
import { shardsFor } from "./shards_for.ts";

const { layers } = tfl;

test.before(async () => {
  await tensorflow();
});

function dense(inputs: number, ...units: readonly number[]): tfl.Sequential {
  return tfl.sequential({
    layers: units.map((each, i) => layers.dense({ units: each, ...(i === 0 ? { inputShape: [inputs] } : {}) })),
  });
}

function convolution(first: boolean): ReturnType<typeof layers.conv2d> {
  return layers.conv2d({ filters: 16, kernelSize: 3, padding: "same", ...(first ? { inputShape: [32, 32, 16] } : {}) });
}

function convolutional(depth: number): tfl.Sequential {
  return tfl.sequential({
    layers: [...Array(depth).keys()].flatMap((i) => [
      convolution(i === 0),
      layers.batchNormalization({}),
      layers.activation({ activation: "relu" }),
    ]),
  });
}

function shards(model: tfl.LayersModel): number[] {
  return [32, 128].map((size) => shardsFor(stepCost(model), size));
}

test.serial("small dense and recurrent networks are one shard, and deep convolutional ones several", (t) => {
  const recurrent = tfl.sequential({
    layers: [
      layers.lstm({ inputShape: [20, 8], units: 32, recurrentInitializer: "zeros" }),
      layers.dense({ units: 4 }),
    ],
  });
  t.deepEqual(shards(dense(20, 64, 10)), [1, 1]);
  t.deepEqual(shards(dense(784, 256, 128, 10)), [1, 1]);
  t.deepEqual(shards(recurrent), [1, 1]);
  t.deepEqual(shards(convolutional(9)), [2, 8]);
});

test.serial("never more than the default for the batch size", (t) => {
  t.is(shardsFor({ millisecondsPerSample: 1000, millisecondsPerShard: 0.1 }, 48), 3);
  t.is(shardsFor({ millisecondsPerSample: 1, millisecondsPerShard: 1 }, 30), 2);
});
