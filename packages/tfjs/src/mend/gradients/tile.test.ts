import type { Tensor } from "@tensorflow/tfjs-core";
import test from "ava";
import { Draw } from "@convoy/core/test/draw";
import { stockAndOurs } from "../../../test/stock_and_ours.ts";
import { tensorflow } from "../../../test/tensorflow.ts";
import { relativeDistance } from "@convoy/core/test/reference";

const tf = await tensorflow();

const count = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** For each element of the repeated tensor the one of x that it shows. */
function shown(shape: readonly number[], reps: readonly number[]): number[] {
  return shape.reduce(
    (outer, size, axis) =>
      outer.flatMap((start) => Array.from({ length: size * reps[axis] }, (_, i) => start * size + (i % size))),
    [0],
  );
}

test("the gradient of tile sums over the copies, in up to seven dimensions, with axes and repetitions of 0 and 1", (t) => {
  const draw = new Draw(1);
  for (let i = 0; i < 80; i++) {
    const shape = Array.from({ length: draw.integer(0, 7) }, () => draw.pick([1, 1, 2, 3]));
    const reps = shape.map(() => draw.pick([1, 1, 2, 3]));
    if (shape.length > 0 && draw.chance(0.1)) shape[draw.integer(0, shape.length - 1)] = 0;
    if (shape.length > 0 && draw.chance(0.1)) reps[draw.integer(0, shape.length - 1)] = 0;
    const indexes = shown(shape, reps);
    const dy = draw.floats(indexes.length);
    const dx = new Float64Array(count(shape));
    for (const [out, index] of indexes.entries()) dx[index] += dy[out];
    tf.tidy(() => {
      const repeated = shape.map((size, axis) => size * reps[axis]);
      const found = tf.grad((x: Tensor) => tf.tile(x, reps))(
        tf.ones(shape),
        tf.tensor(Float32Array.from(dy), repeated),
      );
      t.deepEqual([found.shape, found.dtype], [shape, "float32"]);
      t.true(relativeDistance(found.dataSync(), dx) < 1e-6, JSON.stringify({ shape, reps }));
    });
  }
});

test("tfjs's own gives the same in up to four dimensions", (t) => {
  const x = tf.tensor2d([1, 2], [1, 2]);
  const dy = tf.tensor2d([1, 2, 3, 4, 10, 20, 30, 40], [2, 4]);
  t.deepEqual(
    stockAndOurs(() => tf.grad((each: Tensor) => tf.tile(each, [2, 2]))(x, dy)),
    [
      [44, 66],
      [44, 66],
    ],
  );
});

test("the gradient of the gradient of tile and of broadcastTo exists", (t) => {
  tf.tidy(() => {
    for (const repeat of [(x: Tensor) => tf.tile(x, [3, 2]), (x: Tensor) => tf.broadcastTo(x, [3, 2])]) {
      // Σ 6 x³: 18 x² and 36 x.
      const cubes = (x: Tensor): Tensor => tf.sum(tf.pow(repeat(x), 3));
      const first = tf.grad(cubes);
      const x = tf.tensor2d([2], [1, 1]);
      t.deepEqual([...first(x).dataSync()], [72]);
      t.deepEqual(
        [
          ...tf
            .grad((each: Tensor) => tf.sum(first(each)))(x)
            .dataSync(),
        ],
        [72],
      );
    }
  });
});
