import test from "ava";
import { tensorflow } from "../../../test/tensorflow.ts";

const tf = await tensorflow();

test("one-hot writes values of the tensor's type, and none for a class that is not there", (t) => {
  tf.tidy(() => {
    const indices = tf.tensor1d([0, 2, -1, 3], "int32");
    const run = (onValue: number, offValue: number, dtype: "float32" | "int32" | "bool"): number[] => [
      ...tf.oneHot(indices, 3, onValue, offValue, dtype).dataSync(),
    ];
    t.deepEqual(run(5, 0.5, "float32"), [5, 0.5, 0.5, 0.5, 0.5, 5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]);
    t.deepEqual(run(5, -1, "int32"), [5, -1, -1, -1, -1, 5, -1, -1, -1, -1, -1, -1]);
    t.deepEqual(run(1, 0, "bool"), [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
    t.deepEqual(tf.oneHot(tf.tensor2d([0, 1], [1, 2], "int32"), 3).shape, [1, 2, 3]);
  });
});
