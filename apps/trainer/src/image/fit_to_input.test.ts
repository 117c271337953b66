import test from "ava";
import { fitToInput, scaleByArea } from "./fit_to_input.ts";

const grey = (width: number, height: number, light: number[]) => ({ width, height, light: Float32Array.from(light) });

const mean = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0) / values.length;

test("averages whole pixels when the size divides", (t) => {
  const scaled = scaleByArea(grey(4, 2, [0, 1, 1, 1, 0, 1, 0, 0]), 2, 1);
  t.deepEqual([...scaled], [0.5, 0.5]);
});

test("shares a pixel between the two that cover it", (t) => {
  // Three pixels on two: each new one covers one and a half.
  const scaled = scaleByArea(grey(3, 1, [1, 0.5, 0]), 2, 1);
  t.true(Math.abs(scaled[0] - (1 + 0.25) / 1.5) < 1e-12);
  t.true(Math.abs(scaled[1] - 0.25 / 1.5) < 1e-12);
});

test("keeps the mean light, smaller or larger", (t) => {
  const image = grey(
    5,
    7,
    Array.from({ length: 35 }, (_, i) => ((i * 37) % 11) / 10),
  );
  for (const [width, height] of [
    [3, 2],
    [28, 28],
    [1, 1],
  ] as const) {
    t.true(Math.abs(mean(scaleByArea(image, width, height)) - mean(image.light)) < 1e-7);
  }
});

test("leaves a light drawing on a dark ground as it is", (t) => {
  const image = fitToInput(grey(3, 3, [0, 0, 0, 0, 1, 0, 0, 0, 0]), 3, 3);
  t.false(image.inverted);
  t.deepEqual([...image.pixels], [0, 0, 0, 0, 255, 0, 0, 0, 0]);
});

test("inverts a dark drawing on a light ground", (t) => {
  const image = fitToInput(grey(3, 3, [1, 1, 1, 1, 0, 1, 1, 1, 1]), 3, 3);
  t.true(image.inverted);
  t.deepEqual([...image.pixels], [0, 0, 0, 0, 255, 0, 0, 0, 0]);
});

test("keeps the proportions and fills the rest with black", (t) => {
  const image = fitToInput(grey(1, 2, [0.2, 0.2]), 4, 4);
  t.deepEqual([...image.pixels], [0, 51, 51, 0, 0, 51, 51, 0, 0, 51, 51, 0, 0, 51, 51, 0]);
});

test("takes an image of one pixel", (t) => {
  const image = fitToInput(grey(1, 1, [0.4]), 2, 2);
  t.deepEqual([...image.pixels], [102, 102, 102, 102]);
});
