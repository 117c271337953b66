import type { Tensor } from "@tensorflow/tfjs-core";
import test from "ava";
import { tensorflow } from "../../../test/tensorflow.ts";

const tf = await tensorflow();

const numbers = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
const at = (...indices: number[][]): Tensor => tf.tensor2d(indices, undefined, "int32");

test("places that lie outside a tensor are refused, and never read or written", (t) => {
  tf.tidy(() => {
    for (const place of [
      [2, 0],
      [-1, 0],
      [1, 3],
      [2 ** 31 - 1, 0],
      [-(2 ** 31), 5],
    ]) {
      const error = { message: /Invalid indices: .* does not index into 2,3/ };
      const one = tf.tensor1d([7]);
      t.throws(() => tf.gatherND(numbers, at(place)), error);
      t.throws(() => tf.scatterND(at(place), one, [2, 3]), error);
      t.throws(() => tf.tensorScatterUpdate(numbers, at(place), one), error);
      t.throws(() => tf.sparseToDense(at(place), one, [2, 3], 0), error);
    }
    t.throws(() => tf.slice(numbers, [0, -1], [1, 1]), { message: /negative begin/ });
    t.throws(
      () =>
        tf.batchToSpaceND(
          tf.ones([4, 1, 1, 1]),
          [2, 2],
          [
            [0, 9],
            [0, 0],
          ],
        ),
      { message: /negative|overflow|size/i },
    );
    const ids = tf.tensor1d([0], "int32");
    t.throws(() => tf.sparse.sparseSegmentSum(numbers, tf.tensor1d([0, 1], "int32"), ids), { message: /same size/ });
    t.throws(() => tf.bincount(tf.tensor1d([-1], "int32"), tf.tensor1d([]), 3), { message: /non-negative/ });
  });
});

test("a box of an image that is not there is zeros, and the next box keeps its image", (t) => {
  tf.tidy(() => {
    const image = tf.tensor4d([1, 2], [2, 1, 1, 1]);
    const boxes = tf.tensor2d([0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1], [3, 4]);
    const crops = tf.image.cropAndResize(image, boxes, tf.tensor1d([5, -1, 1], "int32"), [1, 1]);
    t.deepEqual([...crops.dataSync()], [0, 0, 2]);
  });
});

test("whole numbers may be divided by zero, which gives 0 as on tfjs's CPU backend", (t) => {
  tf.tidy(() => {
    const [a, b] = [tf.tensor1d([7, -7, 0, 8, -8], "int32"), tf.tensor1d([0, 0, 0, 3, 3], "int32")];
    t.deepEqual([...tf.mod(a, b).dataSync()], [0, 0, 0, 2, 1]);
    t.deepEqual([...tf.floorDiv(a, b).dataSync()], [0, 0, 0, 2, -3]);
    t.deepEqual([...tf.divNoNan(a, b).dataSync()], [0, 0, 0, 2, -3]);
    t.deepEqual([...tf.pow(b, tf.scalar(-1, "int32")).dataSync()], [0, 0, 0, 0, 0]);
    t.deepEqual([...tf.pow(tf.scalar(3, "int32"), tf.scalar(21, "int32")).dataSync()], [1870418611]);
  });
});
