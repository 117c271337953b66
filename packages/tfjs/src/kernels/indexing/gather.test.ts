import test from "ava";
import { countedTensor } from "../../../test/counted_tensor.ts";
import { tensorflow } from "../../../test/tensorflow.ts";

const tf = await tensorflow();
const types = ["float32", "int32", "bool"] as const;

test("gather takes slices along any axis, in any type, by indices of any rank", (t) => {
  for (const dtype of types) {
    for (const shape of [[5], [4, 3], [3, 4, 2], [2, 3, 4, 5]]) {
      for (let axis = 0; axis < shape.length; axis++) {
        tf.tidy(() => {
          const x = countedTensor(shape, dtype);
          const indices = [2, 0, 1, 1, 0, 2].map((index) => index % shape[axis]);
          const y = tf.gather(x, tf.tensor2d(indices, [2, 3], "int32"), axis);
          t.deepEqual(y.shape, [...shape.slice(0, axis), 2, 3, ...shape.slice(axis + 1)]);
          const slices = indices.map((index) => {
            const begin = shape.map((_, d) => (d === axis ? index : 0));
            const size = shape.map((all, d) => (d === axis ? 1 : all));
            return tf.slice(x, begin, size);
          });
          t.deepEqual([...y.dataSync()], [...tf.concat(slices, axis).dataSync()]);
        });
      }
    }
  }
});

test("gather by batches is tfjs's own, and an index that is not there is refused", (t) => {
  tf.tidy(() => {
    const x = tf.tensor2d([1, 2, 3, 4], [2, 2]);
    t.deepEqual([...tf.gather(x, tf.tensor2d([1, 0, 0, 0], [2, 2], "int32"), 1, 1).dataSync()], [2, 1, 3, 3]);
    for (const index of [-1, 2]) {
      t.throws(() => tf.gather(x, tf.tensor1d([index], "int32")), { message: /is not in \[0, 1\]/ });
    }
    t.deepEqual(tf.gather(x, tf.tensor1d([], "int32")).shape, [0, 2]);
  });
});
