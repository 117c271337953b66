import test from "ava";
import { averagePool2d } from "../src/network/layers/average_pool2d.ts";
import { activationLayers } from "../src/network/activations/activations.ts";
import { conv2d } from "../src/network/layers/conv2d.ts";
import { dense } from "../src/network/layers/dense.ts";
import { maxPool2d } from "../src/network/layers/max_pool2d.ts";
import { flatten } from "../src/network/layers/flatten.ts";
import { networks } from "../src/model/networks/networks.ts";
import { seedCnn } from "../src/model/networks/seed_cnn.ts";
import { Sequential } from "../src/model/sequential.ts";
import { compareNetwork } from "./compare_network.ts";
import { compareRandomNetworks } from "./compare_random_networks.ts";
import { Draw } from "./draw.ts";
import { mnistImages } from "./mnist_images.ts";
import { blobs, caseOf } from "./network_case.ts";
import { tiedNetwork } from "./tied_network.ts";

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
  const { problems, cancelled } = await compareNetwork(caseOf(model, blobs(13), [5, 0, 7]));
  t.deepEqual(problems, []);
  t.is(cancelled, 0);
});

test("3×3 filters whose last panel has a vector to spare have the reference's gradient", async (t) => {
  const layers = [
    averagePool2d(),
    conv2d({ filters: 27, kernelSize: 3, padding: "same", activation: "relu" }),
    conv2d({ filters: 12, kernelSize: 3, padding: "same" }),
    conv2d({ filters: 25, kernelSize: 3 }),
    averagePool2d({ poolSize: 12 }),
    flatten(),
    dense({ units: 10 }),
  ];
  const model = new Sequential({ inputShape: [28, 28, 1], layers });
  const { problems, cancelled } = await compareNetwork(caseOf(model, blobs(5), [2, 3]));
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

for (const [name, alone] of Object.entries(activationLayers)) {
  test(`${name} has the reference's gradient in every kernel, before and behind pools, alone, and beyond its limits`, async (t) => {
    const activation = alone().kind;
    const layers = [
      conv2d({ filters: 4, kernelSize: 5, padding: "same", activation }),
      conv2d({ filters: 3, kernelSize: 5, padding: "same" }),
      maxPool2d(),
      alone(),
      conv2d({ filters: 16, kernelSize: 3, padding: "same", activation }),
      conv2d({ filters: 20, kernelSize: 3, activation }),
      maxPool2d(),
      averagePool2d({ poolSize: 2, strides: 1 }),
      alone(),
      conv2d({ filters: 12, kernelSize: [2, 3], strides: 2, activation }),
      flatten(),
      dense({ units: 30, activation }),
      dense({ units: 10 }),
    ];
    const model = new Sequential({ inputShape: [28, 28, 1], layers });
    const network = caseOf(model, blobs(6), [4, 2]);
    // Many values become larger than 6, and the answers stay moderate.
    const last = model.parameters.length - 2;
    const weights = model.getWeights();
    for (const [i, { offset, size }] of model.parameters.entries()) {
      for (let j = offset; j < offset + size; j++) weights[j] *= i < last ? 3 : 0.1;
    }
    const { problems, cancelled } = await compareNetwork({ ...network, weights });
    t.deepEqual(problems, []);
    t.is(cancelled, 0);
  });
}

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
  const { problems, cancelled } = await compareNetwork(network);
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
