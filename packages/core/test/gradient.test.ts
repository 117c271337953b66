import test from "ava";
import type { ImageData } from "../src/network/data/image_store.ts";
import { averagePool2d } from "../src/network/layers/average_pool2d.ts";
import { conv2d } from "../src/network/layers/conv2d.ts";
import { dense } from "../src/network/layers/dense.ts";
import { flatten } from "../src/network/layers/flatten.ts";
import { networks } from "../src/model/networks/networks.ts";
import { seedCnn } from "../src/model/networks/seed_cnn.ts";
import { Sequential } from "../src/model/sequential.ts";
import { compareNetwork, type NetworkCase } from "./compare_network.ts";
import { compareRandomNetworks } from "./compare_random_networks.ts";
import { Draw } from "./draw.ts";
import { plannedEngines } from "./engines.ts";
import { mnistImages } from "./mnist_images.ts";
import { tiedNetwork } from "./tied_network.ts";

function caseOf(model: Sequential, data: ImageData, shardSizes: readonly number[]): NetworkCase {
  const images = shardSizes.reduce((sum, size) => sum + size, 0);
  return {
    model,
    weights: model.getWeights(),
    data,
    order: Int32Array.from(new Draw(1).order(data.labels.length)),
    start: data.labels.length - images,
    shardSizes,
    minibatchSize: images,
    capacity: images + 1,
  };
}

/** Bright blobs on a dark ground with noise: smooth as photographs are, and without the large flat parts of digits. */
function blobs(count: number): ImageData {
  const draw = new Draw(2);
  const images = new Uint8Array(count * 784);
  for (let n = 0; n < count; n++) {
    const spots = Array.from({ length: 4 }, () => [draw.uniform(4, 24), draw.uniform(4, 24), draw.uniform(4, 40)]);
    for (let i = 0; i < 784; i++) {
      const light = spots.map(([y, x, size]) =>
        Math.exp(-((Math.floor(i / 28) - y) ** 2 + ((i % 28) - x) ** 2) / size),
      );
      images[n * 784 + i] = Math.min(255, 200 * light.reduce((sum, each) => sum + each, 0) + draw.integer(0, 40));
    }
  }
  const labels = Array.from({ length: count }, () => draw.integer(0, 9));
  return { images, labels, shape: [28, 28, 1] };
}

test("the seed network's gradient is the reference's on blobs, in four shards", async (t) => {
  const { problems, followed, cancelled } = await compareNetwork(caseOf(seedCnn(), blobs(64), [16, 16, 16, 16]));
  t.deepEqual(problems, []);
  t.is(cancelled, 0);
  t.true(followed <= 6, `${followed} kinks`);
});

test("weights that are packed and summed in blocks of rows, with a rest, have the reference's gradient", async (t) => {
  // 3×3×40 to 100 on 5×5 windows: under each tap of three rows a block and a rest. 1×1×100 to 90: packed in four parts.
  const layers = [
    conv2d({ filters: 40, kernelSize: 4, strides: 4 }),
    conv2d({ filters: 100, kernelSize: 3, activation: "relu" }),
    conv2d({ filters: 90, kernelSize: 1, strides: 2 }),
    flatten(),
    dense({ units: 10 }),
  ];
  const model = new Sequential({ inputShape: [28, 28, 1], layers });
  const { problems, cancelled } = await compareNetwork(caseOf(model, blobs(13), [5, 0, 7]), plannedEngines);
  t.deepEqual(problems, []);
  t.is(cancelled, 0);
});

test("the seed network's gradient is the reference's on digits, in uneven and empty shards", async (t) => {
  const { problems, followed, cancelled } = await compareNetwork(
    caseOf(seedCnn({ seed: 3 }), mnistImages("train", 40), [7, 0, 9, 5]),
  );
  t.deepEqual(problems, []);
  t.is(cancelled, 0);
  t.true(followed <= 6, `${followed} kinks`);
});

for (const [name, create] of Object.entries(networks)) {
  test(`the gradient of the ready-made network ${name} is the reference's`, async (t) => {
    const { problems, followed, cancelled } = await compareNetwork(caseOf(create(), blobs(4), [3, 1]));
    t.deepEqual(problems, []);
    t.is(cancelled, 0);
    t.true(followed <= 3, `${followed} kinks`);
  });
}

test("the gradients of sixty random networks are the reference's", async (t) => {
  const sum = await compareRandomNetworks(t, 0, 60);
  t.true(sum.followed <= 6, `${sum.followed} kinks`);
  t.true(sum.cancelled <= 6, `${sum.cancelled} tensors cancel`);
  t.true(sum.zeroTensors / sum.tensors < 0.08, `${sum.zeroTensors} of ${sum.tensors} tensors have no gradient`);
});

test("a bias gradient of thousands of like terms keeps its digits", async (t) => {
  // Under the mean of a whole image every pixel has the same gradient.
  const draw = new Draw(3);
  const inputShape = [27, 13, 5] as const;
  const layers = [conv2d({ filters: 5, kernelSize: 1 }), averagePool2d({ poolSize: [27, 13] }), flatten()];
  const images = Float32Array.from(draw.floats(64 * 27 * 13 * 5));
  const labels = Array.from({ length: 64 }, () => draw.integer(0, 4));
  const network = caseOf(new Sequential({ inputShape, layers }), { images, labels, shape: inputShape }, [64]);
  const { problems, cancelled } = await compareNetwork(network, plannedEngines);
  t.deepEqual(problems, []);
  t.is(cancelled, 0);
});

test("of equal cells the first gets the gradient, and at zero a relu is shut", async (t) => {
  let compared = 0;
  for (let seed = 0; compared < 30; seed++) {
    const network = tiedNetwork(seed);
    if (network === undefined) continue;
    compared++;
    const { problems, followed, cancelled } = await compareNetwork(network);
    t.deepEqual(problems, [], `network ${seed}: ${JSON.stringify(network.model)}`);
    t.is(followed + cancelled, 0);
  }
});
