import test from "ava";
import { tensorflow } from "../../../test/tensorflow.ts";

const tf = await tensorflow();

test("integers are numbers, and finite", (t) => {
  tf.tidy(() => {
    const x = tf.tensor1d([-2, 0x7f800000, 0x7fc00000], "int32");
    t.deepEqual([...tf.isNaN(x).dataSync()], [0, 0, 0]);
    t.deepEqual([...tf.isInf(x).dataSync()], [0, 0, 0]);
    t.deepEqual([...tf.isFinite(x).dataSync()], [1, 1, 1]);
    const y = tf.tensor1d([NaN, -Infinity, 1]);
    t.deepEqual([...tf.isNaN(y).dataSync()], [1, 0, 0]);
    t.deepEqual([...tf.isInf(y).dataSync()], [0, 1, 0]);
    t.deepEqual([...tf.isFinite(y).dataSync()], [0, 0, 1]);
  });
});
