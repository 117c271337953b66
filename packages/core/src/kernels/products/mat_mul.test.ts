import type { Tensor } from "@tensorflow/tfjs-core";
import test, { type ExecutionContext } from "ava";
import { Draw } from "../../../test/draw.ts";
import { tensorflow } from "../../../test/tensorflow.ts";
import { relativeDistance } from "../../verify/reference/closeness.ts";

const tf = await tensorflow();

interface Product {
  readonly batch: number;
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** Sizes around 48, where the stock kernel cuts its blocks, and small ones. */
function randomProduct(draw: Draw): Product {
  return {
    batch: draw.pick([1, 1, 3]),
    rows: draw.integer(1, 9),
    inner: draw.pick([1, 2, 5, 47, 48, 49, 130]),
    columns: draw.integer(1, 9),
    transposeA: draw.chance(0.5),
    transposeB: draw.chance(0.5),
  };
}

function expectedProduct(a: Float32Array, b: Float32Array, product: Product): Float64Array {
  const { batch, rows, inner, columns, transposeA, transposeB } = product;
  const y = new Float64Array(batch * rows * columns);
  for (let n = 0; n < batch; n++) {
    for (let m = 0; m < rows; m++) {
      for (let k = 0; k < columns; k++) {
        for (let i = 0; i < inner; i++) {
          const left = a[n * rows * inner + (transposeA ? i * rows + m : m * inner + i)];
          const right = b[n * inner * columns + (transposeB ? k * inner + i : i * columns + k)];
          y[(n * rows + m) * columns + k] += left * right;
        }
      }
    }
  }
  return y;
}

function operands(
  draw: Draw,
  product: Product,
): { a: Float32Array; b: Float32Array; shapeA: number[]; shapeB: number[] } {
  const { batch, rows, inner, columns, transposeA, transposeB } = product;
  return {
    a: Float32Array.from(draw.floats(batch * rows * inner)),
    b: Float32Array.from(draw.floats(batch * inner * columns)),
    shapeA: transposeA ? [batch, inner, rows] : [batch, rows, inner],
    shapeB: transposeB ? [batch, columns, inner] : [batch, inner, columns],
  };
}

function agrees(t: ExecutionContext, found: Tensor, expected: ArrayLike<number>, about: unknown): void {
  const distance = relativeDistance(found.dataSync(), expected);
  t.true(distance < 1e-5, `${distance} ${JSON.stringify(about)}`);
}

test("the product of matrices, transposed or not, is the sum over the inner size", (t) => {
  const draw = new Draw(1);
  for (let i = 0; i < 500; i++) {
    const product = randomProduct(draw);
    const { a, b, shapeA, shapeB } = operands(draw, product);
    tf.tidy(() => {
      const y = tf.matMul(tf.tensor(a, shapeA), tf.tensor(b, shapeB), product.transposeA, product.transposeB);
      t.deepEqual(y.shape, [product.batch, product.rows, product.columns]);
      agrees(t, y, expectedProduct(a, b, product), product);
    });
  }
});

test("the fused product adds its bias once, and shuts below zero", (t) => {
  const draw = new Draw(2);
  for (let i = 0; i < 300; i++) {
    const product = { ...randomProduct(draw), batch: 1 };
    const { a, b, shapeA, shapeB } = operands(draw, product);
    const bias = Float32Array.from(draw.floats(product.columns, -5, 5));
    const activation = draw.pick(["linear", "relu"] as const);
    const expected = expectedProduct(a, b, product).map((sum, at) => {
      const value = sum + bias[at % product.columns];
      return activation === "relu" ? Math.max(value, 0) : value;
    });
    const { transposeA, transposeB } = product;
    tf.tidy(() => {
      const matrices = { a: tf.tensor(a, shapeA.slice(1)), b: tf.tensor(b, shapeB.slice(1)) };
      const y = tf.fused.matMul({ ...matrices, transposeA, transposeB, bias: tf.tensor1d(bias), activation });
      agrees(t, y, expected, { ...product, activation });
    });
  }
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

test("NaN travels through the fused relu, so that a diverged run shows", (t) => {
  tf.tidy(() => {
    const y = tf.fused.matMul({
      a: tf.tensor2d(new Float32Array(6).fill(NaN), [2, 3]),
      b: tf.ones([3, 4]),
      activation: "relu",
    });
    t.true(y.dataSync().every((value) => Number.isNaN(value)));
  });
});
