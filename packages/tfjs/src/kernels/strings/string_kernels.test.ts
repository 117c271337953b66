import test from "ava";
import { tensorflow } from "../../../test/tensorflow.ts";

const tf = await tensorflow();

test("strings are moved as numbers are", (t) => {
  tf.tidy(() => {
    const x = tf.tensor2d(["a", "bc", "", "d", "é", "f"], [2, 3]);
    t.deepEqual(tf.stridedSlice(x, [0, 0], [2, 3], [1, 2]).arraySync(), [
      ["a", ""],
      ["d", "f"],
    ] as never);
    t.deepEqual(tf.tile(tf.tensor1d(["a", "b"]), [2]).arraySync(), ["a", "b", "a", "b"] as never);
    t.deepEqual(tf.gatherND(x, tf.tensor2d([[1, 1]], [1, 2], "int32")).arraySync(), ["é"] as never);
    t.deepEqual(tf.slice(x, [0, 1], [1, 2]).arraySync(), [["bc", ""]] as never);
  });
});
