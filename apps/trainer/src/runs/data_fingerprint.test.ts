import { createHash } from "node:crypto";
import test from "ava";
import { dataFingerprint } from "./data_fingerprint.ts";

const normalization = { mean: 0.5, deviation: 0.5 };
const set = (images: readonly number[], labels: readonly number[], shape: readonly [number, number, number]) => ({
  images: Uint8Array.from(images),
  labels: Uint8Array.from(labels),
  shape,
  normalization,
});
const train = set([1, 2, 3, 4], [0, 1], [1, 2, 1]);
const images = set([5, 6], [1], [1, 2, 1]);

test("is the SHA-256 of shape and number, pixels and labels, of both sets", (t) => {
  const text =
    '{"shape":[1,2,1],"count":2}\u0001\u0002\u0003\u0004\u0000\u0001{"shape":[1,2,1],"count":1}\u0005\u0006\u0001';
  t.is(dataFingerprint({ train, test: images }), createHash("sha256").update(text).digest("hex"));
});

test("is another for any other pixel, label or shape", (t) => {
  const others = [
    { train: set([1, 2, 3, 5], [0, 1], [1, 2, 1]), test: images },
    { train: set([1, 2, 3, 4], [0, 0], [1, 2, 1]), test: images },
    { train: set([1, 2, 3, 4], [0, 1], [2, 1, 1]), test: images },
    { train, test: set([5, 7], [1], [1, 2, 1]) },
    { train: images, test: train },
  ];
  t.is(new Set([{ train, test: images }, ...others].map(dataFingerprint)).size, 6);
});
