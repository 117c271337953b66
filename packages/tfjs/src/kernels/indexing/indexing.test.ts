import type { Tensor } from "@tensorflow/tfjs-core";
import test from "ava";
import { Draw } from "@convoy/core/test/draw";
import { tensorflow } from "../../../test/tensorflow.ts";
import { relativeDistance } from "@convoy/core/test/reference";
import { register, unregister } from "../../mend/register.ts";

const tf = await tensorflow();

test("rows with the same id are summed, and ids out of range are left out", (t) => {
  const draw = new Draw(1);
  for (const rest of [[], [1], [3], [4], [2, 5], [1, 2, 3, 4]]) {
    const inner = rest.reduce((product, size) => product * size, 1);
    const [rows, segments] = [draw.integer(1, 40), draw.integer(1, 6)];
    const x = Float32Array.from(draw.floats(rows * inner));
    const ids = Int32Array.from({ length: rows }, () => draw.integer(-2, segments + 1));
    const expected = new Float64Array(segments * inner);
    for (const [n, id] of ids.entries()) {
      if (id < 0 || id >= segments) continue;
      for (let i = 0; i < inner; i++) expected[id * inner + i] += x[n * inner + i];
    }
    tf.tidy(() => {
      const y = tf.unsortedSegmentSum(tf.tensor(x, [rows, ...rest]), tf.tensor1d(ids, "int32"), segments);
      t.deepEqual(y.shape, [segments, ...rest]);
      t.true(relativeDistance(y.dataSync(), expected) < 1e-6);
    });
  }
});

test("integers and bools are summed as integers", (t) => {
  tf.tidy(() => {
    const ids = tf.tensor1d([1, 1, 0], "int32");
    const y = tf.unsortedSegmentSum(tf.tensor1d([2 ** 24, 1, -7], "int32"), ids, 3);
    t.is(y.dtype, "int32");
    t.deepEqual([...y.dataSync()], [-7, 2 ** 24 + 1, 0]);
    t.deepEqual([...tf.unsortedSegmentSum(tf.tensor1d([1, 1, 1], "bool"), ids, 2).dataSync()], [1, 2]);
  });
});

test("one id a row is asked for", (t) => {
  tf.tidy(() => {
    const error = { code: "TAPE_SHAPE", message: /one segment id for each row of x, shape \[3\]; got \[2\]/ };
    t.throws(() => tf.unsortedSegmentSum(tf.ones([3, 2]), tf.tensor1d([0, 1], "int32"), 2), error);
  });
});

test("gather sends each gradient back to where its value came from", (t) => {
  tf.tidy(() => {
    const indices = tf.tensor1d([2, 0, 2], "int32");
    const along = (axis: number) => tf.grad((x: Tensor) => tf.gather(x, indices, axis));
    const rows = along(0)(tf.zeros([4, 2]), tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]));
    t.deepEqual(rows.arraySync(), [
      [3, 4],
      [0, 0],
      [6, 8],
      [0, 0],
    ]);
    const columns = along(1)(tf.zeros([2, 3]), tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]));
    t.deepEqual(columns.arraySync(), [
      [2, 0, 4],
      [5, 0, 10],
    ]);
  });
});

test("a slice that reaches beyond the tensor is refused", (t) => {
  const reach = (): number[] =>
    tf.tidy(() => [...tf.slice2d(tf.tensor2d([1, 2, 3, 4], [2, 2]), [1, 1], [1, 5]).dataSync()]);
  t.throws(reach, { message: /begin\[1\] \+ size\[1\] \(6\) would overflow input.shape\[1\] \(2\)/ });
  tf.tidy(() => t.deepEqual([...tf.slice(tf.tensor1d([1, 2, 3]), 1, -1).dataSync()], [2, 3]));
  unregister();
  t.notThrows(reach);
  register(tf);
});

test("numbers are counted in images too", (t) => {
  const count = (): number[] =>
    tf.tidy(() => {
      const image = tf.tensor3d([0, 2, 2, 1], [2, 2, 1], "int32");
      return tf.bincount(image as never, tf.tensor1d([]), 4).shape;
    });
  t.deepEqual(count(), [4]);
  tf.tidy(() => {
    t.deepEqual([...tf.bincount(tf.tensor1d([0, 2, 2], "int32"), tf.tensor1d([1, 5, 6]), 3).dataSync()], [1, 0, 11]);
  });
  unregister();
  t.deepEqual(count(), [2, 4]);
  register(tf);
});
