import type { Rank, Tensor } from "@tensorflow/tfjs-core";
import test from "ava";
import { Draw } from "@convoy/core/test/draw";
import { agrees, expectedProduct, operands, randomProduct, size, tensor } from "../../../test/products.ts";
import { tensorflow } from "../../../test/tensorflow.ts";

const tf = await tensorflow();

test("the product of matrices, transposed or not, is the sum over the inner size", (t) => {
  const draw = new Draw(1);
  for (let i = 0; i < 300; i++) {
    const product = randomProduct(draw);
    const { a, b, shapeA, shapeB } = operands(draw, product);
    tf.tidy(() => {
      const y = tf.matMul(tf.tensor(a, shapeA), tf.tensor(b, shapeB), product.transposeA, product.transposeB);
      t.deepEqual(y.shape, [product.batch, product.rows, product.columns]);
      agrees(t, y, expectedProduct(a, b, product), product);
    });
  }
});

test("leading sizes are broadcast", (t) => {
  const draw = new Draw(5);
  const cases = [
    [[2], [1]],
    [[1], [2]],
    [[2, 3], [3]],
    [[3], [2, 3]],
    [
      [2, 1],
      [1, 3],
    ],
    [
      [1, 3],
      [2, 1],
    ],
    [
      [2, 1, 2],
      [3, 1],
    ],
    [[], [2, 2]],
    [[0], [1]],
  ];
  for (const [outerA, outerB] of cases) {
    for (const transposeA of [false, true]) {
      for (const transposeB of [false, true]) {
        tf.tidy(() => {
          const a = tensor(draw, [...outerA, ...(transposeA ? [7, 5] : [5, 7])]);
          const b = tensor(draw, [...outerB, ...(transposeB ? [9, 7] : [7, 9])]);
          const outer = tf.broadcast_util.assertAndGetBroadcastShape(outerA, outerB);
          const y = tf.matMul(a, b, transposeA, transposeB);
          t.deepEqual(y.shape, [...outer, 5, 9]);
          if (size(outer) === 0) return;
          const allA = tf.broadcastTo(a, [...outer, ...a.shape.slice(-2)]).dataSync<"float32">();
          const allB = tf.broadcastTo(b, [...outer, ...b.shape.slice(-2)]).dataSync<"float32">();
          const product = { batch: size(outer), rows: 5, inner: 7, columns: 9, transposeA, transposeB };
          agrees(t, y, expectedProduct(allA, allB, product), { outerA, outerB, transposeA, transposeB });
        });
      }
    }
  }
});

test("a sum over nothing is the bias, and a matrix without rows or columns is empty", (t) => {
  tf.tidy(() => {
    const bias = tf.tensor1d([1, -2, 3]);
    const none = { a: tf.zeros<Rank.R2>([2, 0]), b: tf.zeros<Rank.R2>([0, 3]) };
    t.deepEqual([...tf.fused.matMul({ ...none, bias }).dataSync()], [1, -2, 3, 1, -2, 3]);
    t.deepEqual([...tf.fused.matMul({ ...none, bias, activation: "relu" }).dataSync()], [1, 0, 3, 1, 0, 3]);
    t.deepEqual([...tf.matMul(none.a, none.b).dataSync()], [0, 0, 0, 0, 0, 0]);
    t.deepEqual(tf.matMul(tf.zeros([0, 4]), tf.ones([4, 3])).shape, [0, 3]);
    t.deepEqual(tf.matMul(tf.ones([2, 4]), tf.zeros([4, 0])).shape, [2, 0]);
  });
});

test("a row has the same bits alone, among few and among many", (t) => {
  const draw = new Draw(6);
  for (const [inner, columns] of [
    [1, 1],
    [130, 10],
    [520, 23],
    [800, 300],
  ]) {
    tf.tidy(() => {
      const a = tensor(draw, [64, inner]);
      const b = tensor(draw, [inner, columns]);
      const all = tf.matMul(a, b).dataSync();
      for (const rows of [1, 2, 3, 5, 12, 13]) {
        const some = tf.matMul(tf.slice(a, [0, 0], [rows, inner]), b).dataSync();
        t.deepEqual(some, all.slice(0, rows * columns), `${rows} rows of ${inner}, ${columns} columns`);
      }
    });
  }
});

test("whole numbers are multiplied exactly, in batches and transposed", (t) => {
  const draw = new Draw(7);
  for (let i = 0; i < 100; i++) {
    const product = { ...randomProduct(draw), inner: draw.pick([0, 1, 5, 20]) };
    const { a, b, shapeA, shapeB } = operands(draw, product);
    const left = a.map((value) => Math.round(value * 3000));
    const right = b.map((value) => Math.round(value * 3000));
    tf.tidy(() => {
      const { transposeA, transposeB } = product;
      const [x, w] = [tf.tensor(left, shapeA, "int32"), tf.tensor(right, shapeB, "int32")];
      const y = tf.matMul(x, w, transposeA, transposeB);
      t.is(y.dtype, "int32");
      t.deepEqual(
        [...y.dataSync()],
        [...expectedProduct(left, right, product)].map((sum) => sum + 0),
      );
    });
  }
});

test("sizes that do not match are refused", (t) => {
  tf.tidy(() => {
    t.throws(() => tf.matMul(tf.ones([2, 3]), tf.ones([2, 3])), { message: /inner shapes/ });
    t.throws(() => tf.matMul(tf.ones([2, 3], "int32"), tf.ones([2, 3], "int32")), { message: /float32/ });
    t.throws(() => tf.matMul(tf.ones([2, 2, 3]), tf.ones([3, 3, 2])), { message: /broadcast/ });
  });
});

test("whole numbers and truth values are multiplied too, with bias and activation", (t) => {
  tf.tidy(() => {
    const bools = tf.matMul(tf.tensor2d([1, 1, 0, 1], [2, 2], "bool"), tf.ones([2, 2], "bool"));
    t.deepEqual([bools.dtype, ...bools.dataSync()], ["bool", 2, 2, 1, 1]);
    const [a, b] = [tf.tensor2d([1, -2, 3, -4], [2, 2], "int32"), tf.tensor2d([1, 2], [2, 1], "int32")];
    const bias = tf.tensor1d([4], "int32");
    const fused = (activation: "linear" | "relu"): Tensor => tf.fused.matMul({ a, b, bias, activation });
    t.deepEqual([fused("linear").dtype, ...fused("linear").dataSync()], ["int32", 1, -1]);
    t.deepEqual([...fused("relu").dataSync()], [1, 0]);
    t.deepEqual([...tf.fused.matMul({ a, b, activation: "relu" }).dataSync()], [0, 0]);
  });
});

test("the gradient of a product is made of products with transposed operands", (t) => {
  const draw = new Draw(3);
  const product = { batch: 1, rows: 7, inner: 130, columns: 5, transposeA: false, transposeB: false };
  const { a, b } = operands(draw, product);
  const dy = Float32Array.from(draw.floats(35));
  const dA = expectedProduct(dy, b, { ...product, inner: 5, columns: 130, transposeB: true });
  const dB = expectedProduct(a, dy, { ...product, rows: 130, inner: 7, transposeA: true });
  tf.tidy(() => {
    const back = tf.grads((x: Tensor, y: Tensor) => tf.matMul(x, y));
    const [foundA, foundB] = back([tf.tensor(a, [7, 130]), tf.tensor(b, [130, 5])], tf.tensor(dy, [7, 5]));
    agrees(t, foundA, dA, "a");
    agrees(t, foundB, dB, "b");
  });
});
