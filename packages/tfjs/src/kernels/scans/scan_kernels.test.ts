import test from "ava";
import { tensorflow } from "../../../test/tensorflow.ts";

const tf = await tensorflow();

// What the stock backend gives is not shown: it reads beside the tensors, and never ends for a scalar.
test("running sums and products along an axis from the end are those along the same axis from the start", (t) => {
  const shape = [2, 3, 4];
  tf.tidy(() => {
    const x = tf.randomUniform(shape, -1, 1, "float32", 1);
    for (const dtype of ["float32", "int32", "bool"] as const) {
      const typed = tf.cast(tf.mul(x, 3), dtype);
      for (const run of [tf.cumsum, tf.cumprod]) {
        for (const axis of [-1, -2, -3]) {
          const found = run(typed, axis, true, true);
          t.deepEqual(found.shape, shape);
          t.deepEqual(found.dataSync(), run(typed, shape.length + axis, true, true).dataSync());
        }
      }
    }
    t.throws(() => tf.cumsum(x, -4), { message: /axis/ });
    t.deepEqual(tf.cumsum(tf.zeros([0, 3]), -2).shape, [0, 3]);
    const gradient = (axis: number) =>
      tf
        .grad((each) => tf.square(tf.cumsum(each, axis)))(x)
        .dataSync();
    t.deepEqual(gradient(-2), gradient(1));
  });
});

test("the running sum and product of a scalar are the scalar, or nothing yet", (t) => {
  for (const dtype of ["float32", "int32"] as const) {
    const x = tf.scalar(3, dtype);
    const all = [tf.cumsum(x), tf.cumprod(x), tf.cumsum(x, 0, true), tf.cumprod(x, 0, true)];
    t.deepEqual(
      all.map((each) => each.arraySync()),
      [3, 3, 0, 1],
    );
  }
});
