import type { Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import test, { type ExecutionContext } from "ava";
import { Draw } from "../../../test/draw.ts";
import { randomWindow } from "../../../test/random_window.ts";
import { tensorflow } from "../../../test/tensorflow.ts";
import { averagePool2d, averagePool2dGradient } from "../../verify/reference/average_pool2d.ts";
import { relativeDistance } from "../../verify/reference/closeness.ts";
import { maxPool2d, maxPool2dGradient } from "../../verify/reference/max_pool2d.ts";
import { tensor } from "../../verify/reference/tensor.ts";

const tf = await tensorflow();

function agrees(t: ExecutionContext, found: Tensor, expected: ArrayLike<number>, about: unknown): void {
  const distance = relativeDistance(found.dataSync(), expected);
  t.true(distance < 1e-6, `${distance} ${JSON.stringify(about)}`);
}

for (const kind of ["max", "average"] as const) {
  test(`the ${kind} pool and its gradient are the reference's on any shape and sign, with ties`, (t) => {
    const draw = new Draw(1);
    for (let i = 0; i < 1000; i++) {
      const { shape, window, strides, padding } = randomWindow(draw);
      const about = { shape, window, strides, padding };
      // Of few values, so that many windows have several largest cells; often without a positive one.
      const values = draw.pick([
        [-3, -2, -1],
        [-1, 0, 1],
        [-0.75, -0.1, 0.3, 0.9],
      ]);
      const pixels = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => draw.pick(values));
      const x = tensor(shape, pixels);
      const settings = { poolSize: window, strides, padding };
      const expected = kind === "max" ? maxPool2d(x, settings).y : averagePool2d(x, settings);
      const dy = tensor(expected.shape, Float32Array.from(draw.floats(expected.data.length)));
      const expectedGradient =
        kind === "max"
          ? maxPool2dGradient(dy, maxPool2d(x, settings).chosen, shape)
          : averagePool2dGradient(x, dy, settings);
      tf.tidy(() => {
        const pool = kind === "max" ? tf.maxPool : tf.avgPool;
        const run = (input: Tensor): Tensor => pool(input as Tensor4D, window, strides, padding);
        const input = tf.tensor4d(pixels, shape);
        const found = run(input);
        t.deepEqual(found.shape, [...expected.shape]);
        agrees(t, found, expected.data, about);
        const dx = tf.grad(run)(input, tf.tensor(Float32Array.from(dy.data), found.shape));
        agrees(t, dx, expectedGradient.data, about);
      });
    }
  });

  test(`NaN travels through the ${kind} pool and back, so that a diverged run shows`, (t) => {
    tf.tidy(() => {
      const pool = kind === "max" ? tf.maxPool : tf.avgPool;
      const run = (input: Tensor): Tensor => pool(input as Tensor4D, 2, 2, "valid");
      for (let place = 0; place < 4; place++) {
        const cells = [1, 2, 3, 4];
        cells[place] = NaN;
        const x = tf.tensor4d(cells, [1, 2, 2, 1]);
        t.deepEqual([...run(x).dataSync()], [NaN]);
        const dx = tf
          .grad(run)(x, tf.tensor4d([8], [1, 1, 1, 1]))
          .dataSync();
        t.is(dx[place], kind === "max" ? 8 : 2);
      }
    });
  });

  test(`pooling integers by ${kind} is refused, not misread`, (t) => {
    const x = tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1], "int32");
    const kernel = kind === "max" ? "MaxPool" : "AvgPool";
    const attributes = { filterSize: [2, 2], strides: [2, 2], pad: "valid" };
    t.throws(() => void tf.engine().runKernel(kernel, { x }, attributes), { code: "TAPE_TYPE" });
    x.dispose();
  });
}

test("of equal cells the first one gets the gradient", (t) => {
  tf.tidy(() => {
    const x = tf.tensor4d([5, 5, 5, 5], [1, 2, 2, 1]);
    const dx = tf.grad((input: Tensor) => tf.maxPool(input as Tensor4D, 2, 2, "valid"))(x);
    t.deepEqual([...dx.dataSync()], [1, 0, 0, 0]);
  });
});

test("a window of minus infinities gives its first cell the gradient", (t) => {
  tf.tidy(() => {
    const x = tf.tensor4d(new Float32Array(4).fill(-Infinity), [1, 2, 2, 1]);
    const dx = tf.grad((input: Tensor) => tf.maxPool(input as Tensor4D, 2, 2, "valid"))(x);
    t.deepEqual([...dx.dataSync()], [1, 0, 0, 0]);
  });
});

test("a window that lies in the padding reads nothing beyond the image", (t) => {
  // Pad 2 around one pixel, windows of one cell, stride 2: of 3×3 windows only the middle one has a cell.
  tf.tidy(() => {
    const x = tf.tensor4d([7], [1, 1, 1, 1]);
    const max = (input: Tensor): Tensor => tf.maxPool(input as Tensor4D, 1, 2, 2);
    const none = -Infinity;
    t.deepEqual([...max(x).dataSync()], [none, none, none, none, 7, none, none, none, none]);
    t.deepEqual([...tf.grad(max)(x).dataSync()], [1]);
    const average = (input: Tensor): Tensor => tf.avgPool(input as Tensor4D, 1, 2, 2);
    t.deepEqual(
      [...average(x).dataSync()].filter((value) => !Number.isNaN(value)),
      [7],
    );
    t.deepEqual([...tf.grad(average)(x).dataSync()], [1]);
  });
});
