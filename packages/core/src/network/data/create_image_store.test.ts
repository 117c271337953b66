import test from "ava";
import { createImageStore } from "./create_image_store.ts";
import type { ImageData } from "./image_store.ts";

const bytes: ImageData = { images: Uint8Array.of(1, 2, 3, 4, 5, 6), labels: [1, 0], shape: [1, 3, 1] };

test("starts each image of bytes on a word", (t) => {
  const store = createImageStore(bytes, 2);
  t.is(store.count, 2);
  t.is(store.pixelType, "uint8");
  t.is(store.wordsPerImage, 1);
  t.deepEqual([...new Uint8Array(store.words.buffer)], [1, 2, 3, 0, 4, 5, 6, 0]);
  t.deepEqual([...store.labels], [1, 0]);
  t.deepEqual(store.shape, [1, 3, 1]);
  t.deepEqual(store.normalization, { mean: 0.5, deviation: 0.5 });
});

test("copies images whose bytes fill their words", (t) => {
  const images = Uint8Array.from({ length: 16 }, (_, i) => i * 16);
  const store = createImageStore({ images, labels: [0, 0], shape: [2, 2, 2] }, 1);
  t.is(store.wordsPerImage, 2);
  t.deepEqual(new Uint8Array(store.words.buffer), images);
  images[0] = 99;
  t.is(new Uint8Array(store.words.buffer)[0], 0);
});

test("takes floats as they are", (t) => {
  const images = Float32Array.of(-1.5, 0, 2.25, 1e-30, 5, 6);
  const store = createImageStore({ ...bytes, images }, 2);
  t.is(store.pixelType, "float32");
  t.is(store.wordsPerImage, 3);
  t.deepEqual(new Float32Array(store.words.buffer), images);
});

test("reads views that do not start at the beginning of their buffer, and Node's buffers", (t) => {
  const images = Buffer.from([9, 9, 9, 1, 2, 3, 4, 5, 6]).subarray(3);
  const store = createImageStore({ ...bytes, images }, 2);
  t.deepEqual([...new Uint8Array(store.words.buffer)], [1, 2, 3, 0, 4, 5, 6, 0]);
});

test("leaves images that lie in shared memory where they are, if every image starts on a word", (t) => {
  const images = new Uint8Array(new SharedArrayBuffer(16 + 24), 16);
  for (let i = 0; i < images.length; i++) images[i] = i;
  const whole = createImageStore({ images, labels: [0, 1, 2], shape: [2, 4, 1] }, 3, { shared: true });
  t.is(whole.words.buffer, images.buffer);
  t.deepEqual([whole.words.byteOffset, whole.words.length, whole.wordsPerImage], [16, 6, 2]);
  const floats = new Float32Array(images.buffer, 16, 6).fill(0.5);
  t.is(
    createImageStore({ images: floats, labels: [0, 1], shape: [3, 1, 1] }, 3, { shared: true }).words.buffer,
    images.buffer,
  );

  const odd = createImageStore({ images, labels: [0, 1, 2, 0], shape: [2, 3, 1] }, 3, { shared: true });
  const askew = createImageStore({ images: images.subarray(1, 9), labels: [0], shape: [2, 4, 1] }, 3, { shared: true });
  const alone = createImageStore({ images, labels: [0, 1, 2], shape: [2, 4, 1] }, 3);
  for (const { words } of [odd, askew, alone]) t.not(words.buffer, images.buffer);
  t.deepEqual([...new Uint8Array(askew.words.buffer)], [...images.subarray(1, 9)]);
});

test("lies in shared memory when asked to", (t) => {
  const shared = createImageStore(bytes, 2, { shared: true });
  t.true(shared.words.buffer instanceof SharedArrayBuffer);
  t.true(shared.labels.buffer instanceof SharedArrayBuffer);
  t.false(createImageStore(bytes, 2).words.buffer instanceof SharedArrayBuffer);
});

test("takes labels of any array, and a normalization", (t) => {
  const normalization = { mean: 0.1307, deviation: 0.3081 };
  const store = createImageStore({ ...bytes, labels: Uint8Array.of(1, 0), normalization }, 2);
  t.deepEqual([...store.labels], [1, 0]);
  t.deepEqual(store.normalization, normalization);
});

const refused: [what: string, change: object, code: string, message: RegExp][] = [
  ["an array of pixels", { images: [1, 2, 3] }, "DATA_TYPE", /images must be a Uint8Array .* got Array/],
  ["no images", { images: undefined }, "DATA_TYPE", /got nothing/],
  ["doubles", { images: new Float64Array(6) }, "DATA_TYPE", /got Float64Array/],
  ["no labels", { labels: undefined }, "DATA_TYPE", /labels must be an array .* got nothing/],
  ["one label for all", { labels: 3 }, "DATA_TYPE", /labels must be an array .* got number/],
  ["an empty set", { images: new Uint8Array(0), labels: [] }, "DATA_EMPTY", /there are no images/],
  ["a shape of two", { shape: [1, 3] }, "DATA_SHAPE", /\[height, width, channels\].* got \[1, 3\]/],
  ["no shape", { shape: undefined }, "DATA_SHAPE", /got nothing/],
  ["a size of zero", { shape: [1, 0, 1] }, "DATA_SHAPE", /got \[1, 0, 1\]/],
  ["half a pixel", { shape: [1, 1.5, 1] }, "DATA_SHAPE", /got \[1, 1.5, 1\]/],
  [
    "a cut image",
    { images: new Uint8Array(5) },
    "DATA_LENGTH",
    /5 values, .* no whole number of images of \[1, 3, 1\]/,
  ],
  ["a label too few", { labels: [1] }, "DATA_LENGTH", /2 images of \[1, 3, 1\] and 1 labels/],
  ["a label too high", { labels: [1, 2] }, "DATA_LABEL", /label of image 1 is 2; 2 classes need .* 0 to 1/],
  ["a negative label", { labels: [-1, 0] }, "DATA_LABEL", /label of image 0 is -1/],
  ["half a label", { labels: [0, 0.5] }, "DATA_LABEL", /label of image 1 is 0.5/],
  ["a label that is a bigint", { labels: new BigInt64Array(2) }, "DATA_LABEL", /image 0 is 0n; .*Int32Array\.from/],
  [
    "bytes of a canvas",
    { images: new Uint8ClampedArray(6) },
    "DATA_TYPE",
    /got Uint8ClampedArray\. Give new Uint8Array/,
  ],
  ["a shape of bigints", { shape: [1n, 3n, 1n] }, "DATA_SHAPE", /got \[1n, 3n, 1n\]/],
  ["a shape with a hole", { shape: [1, NaN, undefined] }, "DATA_SHAPE", /got \[1, NaN, undefined\]/],
  ["a mean that is a bigint", { normalization: { mean: 0n, deviation: 1 } }, "DATA_NORMALIZATION", /mean 0n/],
  ["a label that is text", { labels: ["cat", 0] }, "DATA_LABEL", /label of image 0 is "cat"/],
  ["a deviation of zero", { normalization: { mean: 0, deviation: 0 } }, "DATA_NORMALIZATION", /deviation 0/],
  ["a mean of NaN", { normalization: { mean: NaN, deviation: 1 } }, "DATA_NORMALIZATION", /mean NaN/],
  ["a mean alone", { normalization: { mean: 0 } }, "DATA_NORMALIZATION", /deviation undefined/],
  [
    "a pixel of NaN",
    { images: Float32Array.of(1, 2, 3, 4, NaN, 6) },
    "DATA_PIXEL",
    /value 1 of image 1 is NaN; every value must be finite/,
  ],
  ["an infinite pixel", { images: Float32Array.of(1, 2, -Infinity, 4, 5, 6) }, "DATA_PIXEL", /value 2 of image 0/],
];
for (const [what, change, code, message] of refused) {
  test(`refuses ${what}`, (t) => {
    t.throws(() => createImageStore({ ...bytes, ...change }, 2), { code, message });
  });
}

for (const classes of [0, 2.5, NaN]) {
  test(`refuses ${classes} classes`, (t) => {
    t.throws(() => createImageStore(bytes, classes), { code: "DATA_TYPE", message: /classes must be a whole number/ });
  });
}
