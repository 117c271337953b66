import type { Tensor } from "@tensorflow/tfjs-core";
import test from "ava";
import { Draw } from "@convoy/core/test/draw";
import { tensorflow } from "../../../test/tensorflow.ts";
import { relativeDistance } from "@convoy/core/test/reference";

const tf = await tensorflow();

const count = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

test("the gradient of gather adds up what each slice is shown as, along any axis, by any batches", (t) => {
  const draw = new Draw(1);
  for (let i = 0; i < 80; i++) {
    const shape = Array.from({ length: draw.integer(1, 4) }, () => draw.integer(1, 4));
    const axis = draw.integer(0, shape.length - 1);
    const batchDims = draw.integer(0, axis);
    const own = Array.from({ length: draw.integer(0, 2) }, () => draw.integer(0, 3));
    const indicesShape = [...shape.slice(0, batchDims), ...own];
    const indices = Int32Array.from({ length: count(indicesShape) }, () => draw.integer(0, shape[axis] - 1));
    const [batches, outer] = [count(shape.slice(0, batchDims)), count(shape.slice(batchDims, axis))];
    const [size, inner, taken] = [shape[axis], count(shape.slice(axis + 1)), count(own)];
    const dy = draw.floats(batches * outer * taken * inner);
    const dx = new Float64Array(count(shape));
    for (let at = 0; at < dy.length; at++) {
      const n = Math.floor(at / inner) % taken;
      const o = Math.floor(at / (inner * taken)) % outer;
      const b = Math.floor(at / (inner * taken * outer));
      dx[((b * outer + o) * size + indices[b * taken + n]) * inner + (at % inner)] += dy[at];
    }
    tf.tidy(() => {
      const run = (x: Tensor): Tensor => {
        const given = draw.chance(0.5) ? axis : axis - shape.length;
        return tf.gather(x, tf.tensor(indices, indicesShape, "int32"), given, batchDims);
      };
      const outShape = [...shape.slice(0, axis), ...own, ...shape.slice(axis + 1)];
      const found = tf.grad(run)(tf.ones(shape), tf.tensor(Float32Array.from(dy), outShape));
      t.deepEqual(found.shape, shape);
      t.true(relativeDistance(found.dataSync(), dx) < 1e-6, JSON.stringify({ shape, axis, batchDims, indicesShape }));
    });
  }
});

test("a slice of nothing gets no gradient, and indices get zeros", (t) => {
  tf.tidy(() => {
    const none = tf.tensor1d([], "int32");
    t.deepEqual(tf.grad((x: Tensor) => tf.gather(x, none))(tf.zeros([0, 3])).shape, [0, 3]);
    const byNumber = (i: Tensor): Tensor => tf.gather(tf.tensor1d([5, 6]), tf.cast(i, "int32"));
    t.deepEqual(
      [
        ...tf
          .grad(byNumber)(tf.tensor1d([1, 0, 1]))
          .dataSync(),
      ],
      [0, 0, 0],
    );
  });
});

test("the gradient of the gradient of gather exists, by batches too", (t) => {
  tf.tidy(() => {
    const indices = tf.tensor2d([0, 0, 1, 0], [2, 2], "int32");
    const cubes = (x: Tensor): Tensor => tf.sum(tf.pow(tf.gather(x, indices, 1, 1), 3));
    // 1 is shown twice, 2 never, 3 and 4 once: Σ 6 x for each place that shows x.
    const second = tf.grad((x: Tensor) => tf.sum(tf.grad(cubes)(x)))(tf.tensor2d([1, 2, 3, 4], [2, 2]));
    t.deepEqual([...second.dataSync()], [12, 0, 18, 24]);
  });
});
