import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { permutation, seedCnn } from "@convoy/core/training";
import test from "ava";
import { writeCaseFiles } from "./case_files.ts";
import { cifarConvnet } from "./cifar_convnet.ts";
import { listCases } from "./cases.ts";
import { syntheticImages } from "./synthetic_images.ts";

const mnist = {
  images: new Uint8Array(10_240 * 784),
  labels: new Uint8Array(10_240),
  shape: [28, 28, 1] as const,
  normalization: { mean: 0.5, deviation: 0.5 },
};

function names(quick: boolean): string[] {
  return listCases(mnist, quick).map(({ network, batchSize }) => `${network} ${batchSize}`);
}

test("files hold the images, the first weights, and fit's order of each epoch", async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), "convoy-peers-"));
  const model = seedCnn();
  const data = { images: new Uint8Array(3 * 784).fill(7), labels: [1, 2, 3], shape: [28, 28, 1] as const };
  const files = await writeCaseFiles({ network: "seed-cnn", model, batchSize: 1, data }, 2, folder);
  const order = await readFile(files.order);
  const orders = Array.from({ length: 6 }, (_, i) => order.readInt32LE(i * 4));
  t.deepEqual(orders, [...permutation(1, 0, 3), ...permutation(1, 1, 3)]);
  const weights = await readFile(files.weights);
  t.is(weights.length, 4 * 102_130);
  t.is(weights.readFloatLE(40), model.getWeights()[10]);
  t.deepEqual([...(await readFile(files.labels))], [1, 2, 3]);
  t.is((await readFile(files.images)).length, 3 * 784);
  await rm(folder, { recursive: true });
});

test("quick is two networks at batch 64, all is five at 64 and 256", (t) => {
  t.deepEqual(names(true), ["seed-cnn 64", "fast 64"]);
  const all = ["seed-cnn", "lenet5", "mnist-convnet", "fast", "cifar-convnet"];
  t.deepEqual(
    names(false),
    [64, 256].flatMap((batchSize) => all.map((network) => `${network} ${batchSize}`)),
  );
});

test("no case has a smaller last minibatch, and its images are of its network's shape", (t) => {
  for (const { model, batchSize, data } of listCases(mnist, false)) {
    t.is(data.labels.length % batchSize, 0);
    t.deepEqual(data.shape, model.inputShape);
    t.is(data.images.length, data.labels.length * data.shape.reduce((product, length) => product * length, 1));
  }
});

test("the CIFAR-10 network has the size that it says", (t) => {
  t.is(cifarConvnet().parameterCount, 402_986);
});

test("synthetic images: the same every time, near their class's pattern, unlike the others'", (t) => {
  const { images, labels } = syntheticImages(60, [16, 16, 3], 3);
  t.deepEqual(images, syntheticImages(60, [16, 16, 3], 3).images);
  const distance = (a: number, b: number) => {
    let sum = 0;
    for (let j = 0; j < 768; j++) sum += Math.abs(images[a * 768 + j] - images[b * 768 + j]);
    return sum / 768;
  };
  const others = Array.from({ length: 59 }, (_, i) => i + 1);
  const same = others.filter((i) => labels[i] === labels[0]).map((i) => distance(0, i));
  const different = others.filter((i) => labels[i] !== labels[0]).map((i) => distance(0, i));
  t.true(same.length > 5 && different.length > 5);
  t.true(Math.max(...same) < 64);
  t.true(Math.min(...different) > Math.max(...same));
});
