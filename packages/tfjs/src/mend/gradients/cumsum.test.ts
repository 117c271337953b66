import type { Tensor } from "@tensorflow/tfjs-core";
import test from "ava";
import { Draw } from "@convoy/core/test/draw";
import { stockAndOurs } from "../../../test/stock_and_ours.ts";
import { tensorflow } from "../../../test/tensorflow.ts";
import { relativeDistance } from "@convoy/core/test/reference";

const tf = await tensorflow();

test("the gradient of cumsum along any axis, forward, backward and exclusive, is that of its definition", (t) => {
  const draw = new Draw(1);
  for (let i = 0; i < 60; i++) {
    const shape = Array.from({ length: draw.integer(1, 4) }, () => draw.integer(1, 4));
    const axis = draw.integer(0, shape.length - 1);
    const [exclusive, reverse] = [draw.chance(0.5), draw.chance(0.5)];
    const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
    const place = (index: number): number => Math.floor(index / inner) % shape[axis];
    const dy = draw.floats(shape.reduce((a, b) => a * b));
    // The output at place p shows x at q ≤ p, or q ≥ p from the other end, of the same line.
    const dx = dy.map((_, from) =>
      dy.reduce((sum, value, out) => {
        const steps = (place(out) - place(from)) * (reverse ? -1 : 1);
        const sameLine = out - place(out) * inner === from - place(from) * inner;
        return sameLine && steps >= Number(exclusive) ? sum + value : sum;
      }, 0),
    );
    tf.tidy(() => {
      const run = (x: Tensor): Tensor => tf.cumsum(x, axis, exclusive, reverse);
      const found = tf.grad(run)(tf.ones(shape), tf.tensor(Float32Array.from(dy), shape));
      t.deepEqual(found.shape, shape);
      t.true(relativeDistance(found.dataSync(), dx) < 1e-6, JSON.stringify({ shape, axis, exclusive, reverse }));
    });
  }
});

test("the gradient of cumsum along the first axis, which tfjs's own transposes", (t) => {
  const x = tf.tensor2d([1, 2, 3, 4], [2, 2]);
  const dy = tf.tensor2d([1, 10, 100, 1000], [2, 2]);
  t.deepEqual(
    stockAndOurs(() => tf.grad((each: Tensor) => tf.cumsum(each, 0))(x, dy)),
    [
      [101, 100, 1010, 1000],
      [101, 1010, 100, 1000],
    ],
  );
});
